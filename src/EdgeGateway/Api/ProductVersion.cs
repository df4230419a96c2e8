using System.Reflection;

namespace EdgeGateway.Api;

/// <summary>The version this binary was built as, without build metadata.</summary>
public static class ProductVersion
{
    public static string Current { get; } =
        (typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0").Split('+')[0];
}

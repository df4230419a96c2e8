using System.Diagnostics.CodeAnalysis;

namespace EdgeGateway.Identity;

internal static class ServiceForwarding
{
    /// <summary>One instance, found under its contract and, by its own slice, under its class.</summary>
    public static void AddForwarded<TContract, [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TClass>(this IServiceCollection services)
        where TContract : class
        where TClass : class, TContract
    {
        services.AddSingleton<TClass>();
        services.AddSingleton<TContract>(provider => provider.GetRequiredService<TClass>());
    }
}

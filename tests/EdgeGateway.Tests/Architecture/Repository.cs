namespace EdgeGateway.Tests.Architecture;

/// <summary>The working tree the tests were built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "EdgeGateway.sln")) ? folder : Find(Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("EdgeGateway.sln is in no folder above the tests"));
}

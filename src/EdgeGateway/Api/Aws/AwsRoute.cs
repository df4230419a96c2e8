namespace EdgeGateway.Api.Aws;

/// <summary>One operation and where it lives.</summary>
/// <param name="Method">Upper case.</param>
/// <param name="Path">Labels in braces; <c>{name+}</c> takes the rest of the path. No trailing slash.</param>
internal sealed record AwsRoute(AwsService Service, string Name, string Method, string Path)
{
    private static readonly string[] Looking = ["Describe", "Get", "List", "Search", "Test", "Validate"];

    /// <summary>Changes nothing.</summary>
    public bool IsReadOnly { get; } = Looking.Any(prefix => Name.StartsWith(prefix, StringComparison.Ordinal));
}

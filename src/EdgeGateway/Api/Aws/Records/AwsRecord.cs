using System.Text.Json.Nodes;

namespace EdgeGateway.Api.Aws.Records;

/// <summary>Something of AWS's API that no part of the gateway keeps, such as a role alias: its members as they came.</summary>
/// <param name="Document">A copy of one's own.</param>
/// <param name="Created">Unix time in milliseconds, as is <paramref name="Modified"/>.</param>
internal sealed record AwsRecord(string Name, JsonObject Document, long Created, long Modified)
{
    public string? Text(string member) => Document[member]?.GetValue<string>();
}

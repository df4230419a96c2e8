namespace EdgeGateway.Jobs.Commands;

/// <summary>Something that devices can be told to do at once.</summary>
/// <param name="Id">1 to 64 of letters, digits, '_' and '-'.</param>
/// <param name="Namespace"><c>AWS-IoT</c>.</param>
/// <param name="Content">What the device gets, base64.</param>
/// <param name="ContentType">Such as <c>application/json</c>; null: not said.</param>
/// <param name="IsDeprecated">Kept, and not started any more.</param>
/// <param name="CreatedAt">Unix time in milliseconds, as is <paramref name="UpdatedAt"/>.</param>
public sealed record Command(string Id, string Namespace, string? DisplayName, string? Description, string Content, string? ContentType, string? RoleArn, bool IsDeprecated, long CreatedAt, long UpdatedAt)
{
    /// <summary>The last level of a request's topic: <c>json</c>, <c>cbor</c>, or null for any other content.</summary>
    public string? Format => ContentType switch { "application/json" => "json", "application/cbor" => "cbor", _ => null };
}

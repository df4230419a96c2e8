namespace EdgeGateway.Api.Access;

/// <param name="Document">Only when one is asked for by its name.</param>
/// <param name="Warnings">Legal but likely not meant; only when just written.</param>
internal sealed record PolicyResponse(
    string Name, string Arn, string DefaultVersion, DateTimeOffset Created, DateTimeOffset Modified, IReadOnlyList<string> Targets, string? Document, IReadOnlyList<string>? Warnings);

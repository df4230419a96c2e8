namespace EdgeGateway.Api.Catalog;

/// <summary>One thing, with what hangs on it.</summary>
/// <param name="Groups">Those it is in itself.</param>
/// <param name="Principals">ARNs of the certificates attached to it.</param>
public sealed record ThingDetail(
    string Name, string Id, string Arn, string? TypeName, IReadOnlyDictionary<string, string> Attributes, long Version, string? BillingGroupName,
    IReadOnlyList<string> Groups, IReadOnlyList<string> Principals);

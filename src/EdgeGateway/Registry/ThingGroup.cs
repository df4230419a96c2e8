namespace EdgeGateway.Registry;

/// <summary>A thing group: static, or dynamic with a query that makes its members.</summary>
/// <param name="Name">As for things.</param>
/// <param name="Id">Lower-case UUID.</param>
/// <param name="ParentName">Fixed at creation; null for a root.</param>
/// <param name="Description">Up to 2028 printable characters.</param>
/// <param name="Attributes">At most 50.</param>
/// <param name="Version">1 at creation, one more with each update.</param>
/// <param name="CreatedAt">Unix time in milliseconds.</param>
/// <param name="Query">Null for a static group.</param>
public sealed record ThingGroup(
    string Name, string Id, string? ParentName, string? Description, IReadOnlyDictionary<string, string> Attributes, long Version, long CreatedAt, DynamicQuery? Query = null) : INamed;

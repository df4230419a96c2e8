namespace EdgeGateway.Registry;

/// <summary>A thing type.</summary>
/// <param name="Name">As for things.</param>
/// <param name="Id">Lower-case UUID.</param>
/// <param name="Properties">What its maker said about it.</param>
/// <param name="CreatedAt">Unix time in milliseconds.</param>
/// <param name="DeprecatedAt">Unix time in milliseconds; null while things may be given this type.</param>
public sealed record ThingType(string Name, string Id, ThingTypeProperties Properties, long CreatedAt, long? DeprecatedAt) : INamed
{
    public bool IsDeprecated => DeprecatedAt is not null;
}

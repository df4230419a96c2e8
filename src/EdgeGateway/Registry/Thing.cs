namespace EdgeGateway.Registry;

/// <summary>A thing as registered.</summary>
/// <param name="Name">1 to 128 of letters, digits, ':', '_' and '-'.</param>
/// <param name="Id">Lower-case UUID; a thing made again under the same name has another.</param>
/// <param name="TypeName">Null without a type.</param>
/// <param name="Attributes">At most 3, with a type 50.</param>
/// <param name="Version">1 at creation, one more with each update.</param>
/// <param name="BillingGroupName">Null outside any billing group.</param>
public sealed record Thing(string Name, string Id, string? TypeName, IReadOnlyDictionary<string, string> Attributes, long Version, string? BillingGroupName) : INamed;

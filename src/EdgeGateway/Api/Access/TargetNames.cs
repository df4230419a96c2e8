using EdgeGateway.Identity;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Credentials;
using EdgeGateway.Registry;

namespace EdgeGateway.Api.Access;

/// <summary>Reads what a person at a shell writes for a certificate, user, group or thing.</summary>
internal sealed class TargetNames(ICertificates certificates, IDeviceCredentials users, IThingGroups groups, IThingCatalog things, IdentityArns arns)
{
    private const int ShortestPrefix = 4;

    /// <param name="id">The whole id, or its beginning where only one begins so.</param>
    /// <exception cref="IdentityException">ResourceNotFound; InvalidRequest where several begin so.</exception>
    public Certificate Certificate(string id)
    {
        var bare = arns.Id(id, "cert") ?? id;
        if (certificates.Find(bare) is { } exact)
            return exact;
        var found = bare.Length < ShortestPrefix ? [] : certificates.List(caCertificateId: null).Where(certificate => certificate.Id.StartsWith(bare, StringComparison.OrdinalIgnoreCase)).Take(2).ToList();
        return found switch
        {
            [var one] => one,
            [] => throw new IdentityException(IdentityError.ResourceNotFound, $"there is no certificate '{bare}': 'edgegateway cert list' shows them"),
            _ => throw new IdentityException(IdentityError.InvalidRequest, $"several certificates begin with '{bare}': give more of the id"),
        };
    }

    /// <returns>The ARN of what <see cref="AttachmentRequest"/> describes.</returns>
    /// <exception cref="IdentityException">ResourceNotFound or InvalidRequest.</exception>
    public string Target(string text)
    {
        var bare = text.StartsWith(arns.Prefix, StringComparison.Ordinal) ? text[arns.Prefix.Length..] : text;
        return bare.Split('/', 2) switch
        {
            ["cert", var id] => arns.Certificate(Certificate(id).Id),
            ["user", var user] => users.List().Contains(user) ? arns.User(user) : throw NotThere("user", user),
            ["group" or "thinggroup", var group] => (groups.Find(group) ?? throw NotThere("thing group", group)).Query is null
                ? arns.ThingGroup(group)
                : throw new IdentityException(IdentityError.InvalidRequest, $"thing group {group} is dynamic: policies are attached to static groups and to certificates"),
            ["thing", var thing] => PrincipalOf(thing),
            [var id] => arns.Certificate(Certificate(id).Id),
            _ => throw new IdentityException(IdentityError.InvalidRequest, $"'{text}' is no target: expected cert/ID, user/NAME, group/NAME, thing/NAME or an ARN of this gateway"),
        };
    }

    /// <exception cref="IdentityException">The registry's refusal.</exception>
    public T Require<T>(RegistryResult<T> result) => result switch
    {
        RegistryResult<T>.Done { Value: var value } => value,
        RegistryResult<T>.Refused { Error: var error } => throw RegistryErrors.ToException(error),
        _ => throw new InvalidOperationException("a result is done or refused"),
    };

    private string PrincipalOf(string thing) => things.PrincipalsOf(thing) switch
    {
        [var one] => one,
        [] => throw new IdentityException(IdentityError.ResourceNotFound, $"nothing is attached to a thing '{thing}'"),
        _ => throw new IdentityException(IdentityError.InvalidRequest, $"several principals are attached to thing '{thing}': name one of them"),
    };

    private static IdentityException NotThere(string kind, string name) => new(IdentityError.ResourceNotFound, $"there is no {kind} '{name}'");
}

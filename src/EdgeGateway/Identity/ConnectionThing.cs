using EdgeGateway.Registry;

namespace EdgeGateway.Identity;

/// <summary>The thing a connection stands for (AWS guide: IoT policies), as policies see it.</summary>
/// <param name="Groups">Groups it is in, with their ancestors.</param>
internal sealed record ConnectionThing(Thing Thing, IReadOnlyList<string> Groups)
{
    /// <summary>The thing whose name is the client id and to which the principal is attached, or the one attached exclusively, whatever the client id.</summary>
    public static ConnectionThing? Find(IThingCatalog catalog, string principalArn, string clientId)
    {
        var name = catalog.ExclusiveThingOf(principalArn) ?? (catalog.IsAttached(clientId, principalArn) ? clientId : null);
        return name is not null && catalog.Find(name) is { } thing ? new ConnectionThing(thing, catalog.GroupsOf(name)) : null;
    }

    /// <summary>Would policies decide the same for both?</summary>
    public static bool Same(ConnectionThing? left, ConnectionThing? right) =>
        (left, right) switch
        {
            (null, null) => true,
            (null, _) or (_, null) => false,
            _ => left.Thing.Id == right.Thing.Id && left.Thing.Version == right.Thing.Version && left.Thing.TypeName == right.Thing.TypeName && left.Groups.SequenceEqual(right.Groups),
        };
}

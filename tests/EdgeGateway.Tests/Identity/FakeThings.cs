using EdgeGateway.Registry;

namespace EdgeGateway.Tests.Identity;

/// <summary>A registry in memory, as far as identity looks at it.</summary>
internal sealed class FakeThings : IThingCatalog
{
    private readonly Dictionary<string, Thing> _things = [];
    private readonly Dictionary<string, IReadOnlyList<string>> _groups = [];
    private readonly HashSet<(string Thing, string Principal)> _attached = [];
    private readonly Dictionary<string, string> _exclusive = [];

    public IReadOnlyList<Thing> Things => [.. _things.Values];

    public Thing? Find(string thingName) => _things.GetValueOrDefault(thingName);

    public IReadOnlyList<string> GroupsOf(string thingName) => _groups.GetValueOrDefault(thingName) ?? [];

    public bool IsAttached(string thingName, string principalArn) => _attached.Contains((thingName, principalArn));

    public IReadOnlyList<string> ThingsOf(string principalArn) => [.. _attached.Where(pair => pair.Principal == principalArn).Select(pair => pair.Thing)];

    public string? ExclusiveThingOf(string principalArn) => _exclusive.GetValueOrDefault(principalArn);

    public IReadOnlyList<string> PrincipalsOf(string thingName) => [.. _attached.Where(pair => pair.Thing == thingName).Select(pair => pair.Principal)];

    public void Put(string name, string? type = null, params (string Name, string Value)[] attributes)
    {
        var version = _things.TryGetValue(name, out var before) ? before.Version + 1 : 1;
        _things[name] = new Thing(name, "id-" + name, type, attributes.ToDictionary(pair => pair.Name, pair => pair.Value), version, null);
    }

    public void Attach(string thing, string principalArn) => _attached.Add((thing, principalArn));

    public void AttachExclusively(string thing, string principalArn)
    {
        Attach(thing, principalArn);
        _exclusive[principalArn] = thing;
    }

    public void Detach(string thing, string principalArn) => _attached.Remove((thing, principalArn));

    public void PutInGroups(string thing, params string[] groups) => _groups[thing] = groups;
}

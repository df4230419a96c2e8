namespace EdgeGateway.Registry;

internal sealed class ThingCatalog(RegistryState state) : IThingCatalog
{
    public IReadOnlyList<Thing> Things => state.Current.Things;

    public Thing? Find(string thingName) => state.Current.Things.Find(thingName);

    public IReadOnlyList<string> GroupsOf(string thingName)
    {
        var current = state.Current;
        var names = new List<string>();
        foreach (var direct in current.Memberships.RightsOf(thingName))              // of different hierarchies, so no name comes twice
        {
            names.Add(direct);
            names.AddRange(current.AncestorsOf(current.Groups.Find(direct)!).Select(static group => group.Name));
        }
        return names;
    }

    public bool IsAttached(string thingName, string principalArn) => state.Current.Principals.Has(thingName, principalArn);

    public IReadOnlyList<string> ThingsOf(string principalArn) => state.Current.Principals.LeftsOf(principalArn);

    public string? ExclusiveThingOf(string principalArn) => state.Current.Exclusive.GetValueOrDefault(principalArn);

    public IReadOnlyList<string> PrincipalsOf(string thingName) => state.Current.Principals.RightsOf(thingName);
}

using System.Collections.Immutable;

namespace EdgeGateway.Registry;

internal sealed class BillingGroups(RegistryState state) : IBillingGroups
{
    public IReadOnlyList<BillingGroup> All => state.Current.BillingGroups;

    public BillingGroup? Find(string name) => state.Current.BillingGroups.Find(name);

    public IReadOnlyList<string> MembersOf(string name) => state.Current.BillingMemberships.LeftsOf(name);

    public Task<RegistryResult<BillingGroup>> CreateAsync(
        string name, string? description, IReadOnlyDictionary<string, string> tags, CancellationToken cancellationToken) =>
        state.WriteAsync(write => Create(write, name, description, tags), cancellationToken);

    public Task<RegistryResult<BillingGroup>> UpdateAsync(string name, string? description, long? expectedVersion, CancellationToken cancellationToken) =>
        state.WriteAsync(write => Update(write, name, description, expectedVersion), cancellationToken);

    public Task<RegistryResult<bool>> DeleteAsync(string name, long? expectedVersion, CancellationToken cancellationToken) =>
        state.WriteAsync(write => Delete(write, name, expectedVersion), cancellationToken);

    public Task<RegistryResult<bool>> AddThingAsync(string name, string thingName, CancellationToken cancellationToken) =>
        state.WriteAsync(write => AddThing(write, name, thingName), cancellationToken);

    public Task<RegistryResult<bool>> RemoveThingAsync(string name, string thingName, CancellationToken cancellationToken) =>
        state.WriteAsync(write => RemoveThing(write, name, thingName), cancellationToken);

    private static RegistryResult<BillingGroup> Create(RegistryWrite write, string name, string? description, IReadOnlyDictionary<string, string> tags)
    {
        if ((RegistryRules.Name("billingGroupName", name) ?? RegistryRules.Description("billingGroupDescription", description) ?? RegistryRules.Tags(tags)) is { } malformed)
            return malformed;
        if (write.State.BillingGroups.Find(name) is { } existing)
            return existing.Description == description ? existing : RegistryError.Exists("billing group", name, write.Arn("billinggroup", name), existing.Id);
        var group = new BillingGroup(name, RegistryWrite.NewId(), description, 1, write.Now);
        write.Put(group);
        write.SetTags(write.Arn("billinggroup", name), tags.ToImmutableSortedDictionary(StringComparer.Ordinal));
        return group;
    }

    private static RegistryResult<BillingGroup> Update(RegistryWrite write, string name, string? description, long? expectedVersion)
    {
        if (RegistryRules.Description("billingGroupDescription", description) is { } malformed)
            return malformed;
        if (write.State.BillingGroups.Find(name) is not { } group)
            return RegistryError.NotFound("billing group", name);
        if (expectedVersion is { } expected && expected != group.Version)
            return RegistryError.Version("billing group", name, expected, group.Version);
        var next = group with { Description = description ?? group.Description, Version = group.Version + 1 };
        write.Put(next);
        return next;
    }

    private static RegistryResult<bool> Delete(RegistryWrite write, string name, long? expectedVersion)
    {
        if (write.State.BillingGroups.Find(name) is not { } group)
            return false;
        if (expectedVersion is { } expected && expected != group.Version)
            return RegistryError.Version("billing group", name, expected, group.Version);
        write.Delete(group);
        return true;
    }

    private static RegistryResult<bool> AddThing(RegistryWrite write, string name, string thingName)
    {
        if (Find(write, name, thingName, out var thing) is { } missing)
            return missing;
        if (thing!.BillingGroupName == name)
            return false;
        if (thing.BillingGroupName is { } other)
            return RegistryError.Invalid($"thing {thingName} is in billing group {other}, allowed is one");
        write.PutBilling(thing, name);
        return true;
    }

    private static RegistryResult<bool> RemoveThing(RegistryWrite write, string name, string thingName)
    {
        if (Find(write, name, thingName, out var thing) is { } missing)
            return missing;
        if (thing!.BillingGroupName != name)
            return false;
        write.PutBilling(thing, null);
        return true;
    }

    private static RegistryError? Find(RegistryWrite write, string name, string thingName, out Thing? thing)
    {
        thing = write.State.Things.Find(thingName);
        if (write.State.BillingGroups.Find(name) is null)
            return RegistryError.NotFound("billing group", name);
        return thing is null ? RegistryError.NotFound("thing", thingName) : null;
    }
}

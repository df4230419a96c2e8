namespace EdgeGateway.Registry;

internal sealed class Things(RegistryState state) : IThings
{
    public Task<RegistryResult<Thing>> CreateAsync(
        string name, string? typeName, IReadOnlyDictionary<string, string> attributes, string? billingGroupName, CancellationToken cancellationToken) =>
        state.WriteAsync(write => Create(write, name, typeName, attributes, billingGroupName), cancellationToken);

    public Task<RegistryResult<Thing>> UpdateAsync(ThingUpdate update, CancellationToken cancellationToken) =>
        state.WriteAsync(write => Update(write, update), cancellationToken);

    public Task<RegistryResult<bool>> DeleteAsync(string name, long? expectedVersion, CancellationToken cancellationToken) =>
        state.WriteAsync(write => Delete(write, name, expectedVersion), cancellationToken);

    public Task<RegistryResult<bool>> AttachAsync(string thingName, string principalArn, bool exclusive, CancellationToken cancellationToken) =>
        state.WriteAsync(write => Attach(write, thingName, principalArn, exclusive), cancellationToken);

    public Task<RegistryResult<bool>> DetachAsync(string thingName, string principalArn, CancellationToken cancellationToken) =>
        state.WriteAsync(write => Detach(write, thingName, principalArn), cancellationToken);

    private static RegistryResult<Thing> Create(
        RegistryWrite write, string name, string? typeName, IReadOnlyDictionary<string, string> attributes, string? billingGroupName)
    {
        if ((RegistryRules.Name("thingName", name) ?? RegistryRules.Attributes(attributes)) is { } malformed)
            return malformed;
        var wanted = new Thing(name, RegistryWrite.NewId(), typeName, AttributeMap.Of(attributes), 1, billingGroupName);
        if (write.State.Things.Find(name) is { } existing)
            return existing with { Id = wanted.Id, Version = 1 } == wanted ? existing : RegistryError.Exists("thing", name, write.Arn("thing", name), existing.Id);
        if (billingGroupName is not null && write.State.BillingGroups.Find(billingGroupName) is null)
            return RegistryError.NotFound("billing group", billingGroupName);
        if ((CheckType(write, typeName) ?? CheckCount(write, wanted)) is { } refused)
            return refused;
        write.Put(wanted);
        return wanted;
    }

    private static RegistryResult<Thing> Update(RegistryWrite write, ThingUpdate update)
    {
        if (update.Attributes is not null && RegistryRules.Attributes(update.Attributes.Values) is { } malformed)
            return malformed;
        if (update.RemoveType && update.TypeName is not null)
            return RegistryError.Invalid("thingTypeName and removeThingType are given, allowed is one of them");
        if (write.State.Things.Find(update.Name) is not { } thing)
            return RegistryError.NotFound("thing", update.Name);
        if (update.ExpectedVersion is { } expected && expected != thing.Version)
            return RegistryError.Version("thing", thing.Name, expected, thing.Version);
        var next = thing with
        {
            TypeName = update.RemoveType ? null : update.TypeName ?? thing.TypeName,
            Attributes = update.Attributes is null ? thing.Attributes : ((AttributeMap)thing.Attributes).Apply(update.Attributes),
            Version = thing.Version + 1,
        };
        if ((CheckType(write, update.TypeName) ?? CheckCount(write, next)) is { } refused)
            return refused;
        write.Put(next);
        return next;
    }

    private static RegistryResult<bool> Delete(RegistryWrite write, string name, long? expectedVersion)
    {
        if (write.State.Things.Find(name) is not { } thing)
            return false;
        if (expectedVersion is { } expected && expected != thing.Version)
            return RegistryError.Version("thing", name, expected, thing.Version);
        var principals = write.State.Principals.RightsOf(name);
        if (!principals.IsEmpty)
            return RegistryError.Invalid($"thing {name} has principals attached, detach them first: {string.Join(", ", principals)}");
        write.Delete(thing);
        return true;
    }

    private static RegistryResult<bool> Attach(RegistryWrite write, string name, string principal, bool exclusive)
    {
        if (write.State.Things.Find(name) is null)
            return RegistryError.NotFound("thing", name);
        if (write.State.Exclusive.TryGetValue(principal, out var owner) && owner != name)
            return RegistryError.Invalid($"principal {principal} is attached to thing {owner} exclusively");
        var things = write.State.Principals.LeftsOf(principal);
        if (exclusive && things.Any(thing => thing != name))
            return RegistryError.Invalid($"principal {principal} is attached to {string.Join(", ", things)} already, so not exclusively to {name}");
        if (things.Contains(name) && owner is not null == exclusive)
            return false;
        write.Attach(name, principal, exclusive);
        return true;
    }

    private static RegistryResult<bool> Detach(RegistryWrite write, string name, string principal)
    {
        if (write.State.Things.Find(name) is null)
            return RegistryError.NotFound("thing", name);
        if (!write.State.Principals.Has(name, principal))
            return false;
        write.Detach(name, principal);
        return true;
    }

    /// <summary>A type named in a request must be there and in use.</summary>
    private static RegistryError? CheckType(RegistryWrite write, string? typeName)
    {
        if (typeName is null)
            return null;
        if (write.State.Types.Find(typeName) is not { } type)
            return RegistryError.NotFound("thing type", typeName);
        return type.IsDeprecated ? RegistryError.Invalid($"thing type {typeName} is deprecated, no thing is given it any more") : null;
    }

    private static RegistryError? CheckCount(RegistryWrite write, Thing thing)
    {
        var limit = thing.TypeName is null ? write.Options.MaxAttributesWithoutType : RegistryRules.MaxAttributes;
        return thing.Attributes.Count <= limit
            ? null
            : RegistryError.Invalid($"attributes would be {thing.Attributes.Count}, allowed are at most {limit} {(thing.TypeName is null ? "without a thing type" : "with a thing type")}");
    }
}

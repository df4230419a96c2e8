using System.Collections.Immutable;
using System.Text.Json;
using EdgeGateway.Configuration;
using Microsoft.Data.Sqlite;

namespace EdgeGateway.Registry;

/// <summary>
/// One write in the making: what it changes in the state, in the tables and in the feed, all three in step. An operation looks first and
/// changes then: one that refuses has changed nothing.
/// </summary>
/// <param name="connection">The storage writer's, inside its transaction.</param>
/// <param name="before">The state all earlier writes led to.</param>
/// <param name="now">Unix time in milliseconds.</param>
internal sealed class RegistryWrite(SqliteConnection connection, RegistrySnapshot before, long now, GatewayOptions gateway, RegistryOptions options)
{
    private readonly List<RegistryChange> _changes = [];
    private readonly RegistrySnapshot _before = before;

    public RegistrySnapshot State { get; private set; } = before;
    public long Now { get; } = now;
    public RegistryOptions Options { get; } = options;
    public IReadOnlyList<RegistryChange> Changes => _changes;
    public bool HasChanged => !ReferenceEquals(State, _before);

    public static string NewId() => Guid.NewGuid().ToString();

    public string Arn(string kind, string name) => gateway.Arn($"{kind}/{name}");

    public void Put(Thing thing)
    {
        var old = State.Things.Find(thing.Name);
        RegistryStore.PutThing(connection, thing);
        State = State with { Things = State.Things.With(thing) };
        Emit(old is null ? RegistryChangeKind.ThingCreated : RegistryChangeKind.ThingUpdated, thing.Name, null, Detail(thing));
        ChangeType(thing, old?.TypeName, thing.TypeName);
        ChangeBilling(thing.Name, old?.BillingGroupName, thing.BillingGroupName);
    }

    /// <summary>Another billing group is no new version of the thing.</summary>
    public void PutBilling(Thing thing, string? billingGroup)
    {
        var next = thing with { BillingGroupName = billingGroup };
        RegistryStore.PutThing(connection, next);
        State = State with { Things = State.Things.With(next) };
        ChangeBilling(thing.Name, thing.BillingGroupName, billingGroup);
    }

    public void Delete(Thing thing)
    {
        foreach (var group in State.Memberships.RightsOf(thing.Name))
            RemoveMember(thing, group);
        ChangeType(thing, thing.TypeName, null);
        ChangeBilling(thing.Name, thing.BillingGroupName, null);
        RegistryStore.DeleteThing(connection, thing.Name);
        State = State with { Things = State.Things.Without(thing.Name) };
        Emit(RegistryChangeKind.ThingDeleted, thing.Name, null, Detail(thing));
    }

    public void Put(ThingType type)
    {
        var created = State.Types.Find(type.Name) is null;
        RegistryStore.PutType(connection, type);
        State = State with { Types = State.Types.With(type) };
        Emit(created ? RegistryChangeKind.ThingTypeCreated : RegistryChangeKind.ThingTypeUpdated, type.Name, null, Detail(type));
    }

    public void Delete(ThingType type)
    {
        RegistryStore.DeleteType(connection, type.Name);
        State = State with { Types = State.Types.Without(type.Name) };
        SetTags(Arn("thingtype", type.Name), ImmutableSortedDictionary<string, string>.Empty);
        Emit(RegistryChangeKind.ThingTypeDeleted, type.Name, null, Detail(type));
    }

    public void Put(ThingGroup group)
    {
        var created = State.Groups.Find(group.Name) is null;
        RegistryStore.PutGroup(connection, group);
        State = State with { Groups = State.Groups.With(group) };
        if (created && group.ParentName is not null)
            State = State with { Hierarchy = State.Hierarchy.With(group.ParentName, group.Name) };
        Emit(created ? RegistryChangeKind.ThingGroupCreated : RegistryChangeKind.ThingGroupUpdated, group.Name, null, Detail(group));
        if (created && group.ParentName is not null)
            Emit(RegistryChangeKind.HierarchyAdded, group.ParentName, group.Name, HierarchyDetail(group));
    }

    public void Delete(ThingGroup group)
    {
        foreach (var member in State.Memberships.LeftsOf(group.Name))
            RemoveMember(State.Things.Find(member)!, group.Name);
        var detail = Detail(group);
        if (group.ParentName is { } parent)
        {
            Emit(RegistryChangeKind.HierarchyRemoved, parent, group.Name, HierarchyDetail(group));
            State = State with { Hierarchy = State.Hierarchy.Without(parent, group.Name) };
        }
        RegistryStore.DeleteGroup(connection, group.Name);
        State = State with { Groups = State.Groups.Without(group.Name) };
        SetTags(Arn("thinggroup", group.Name), ImmutableSortedDictionary<string, string>.Empty);
        Emit(RegistryChangeKind.ThingGroupDeleted, group.Name, null, detail);
    }

    public void Put(BillingGroup group)
    {
        var created = State.BillingGroups.Find(group.Name) is null;
        RegistryStore.PutBillingGroup(connection, group);
        State = State with { BillingGroups = State.BillingGroups.With(group) };
        Emit(created ? RegistryChangeKind.BillingGroupCreated : RegistryChangeKind.BillingGroupUpdated, group.Name, null, default);
    }

    public void Delete(BillingGroup group)
    {
        foreach (var member in State.BillingMemberships.LeftsOf(group.Name))
            PutBilling(State.Things.Find(member)!, null);
        RegistryStore.DeleteBillingGroup(connection, group.Name);
        State = State with { BillingGroups = State.BillingGroups.Without(group.Name) };
        SetTags(Arn("billinggroup", group.Name), ImmutableSortedDictionary<string, string>.Empty);
        Emit(RegistryChangeKind.BillingGroupDeleted, group.Name, null, default);
    }

    public void AddMember(Thing thing, string group)
    {
        RegistryStore.AddMember(connection, thing.Name, group);
        State = State with { Memberships = State.Memberships.With(thing.Name, group) };
        Emit(RegistryChangeKind.MembershipAdded, thing.Name, group, MembershipDetail(thing, group));
    }

    public void RemoveMember(Thing thing, string group)
    {
        RegistryStore.RemoveMember(connection, thing.Name, group);
        State = State with { Memberships = State.Memberships.Without(thing.Name, group) };
        Emit(RegistryChangeKind.MembershipRemoved, thing.Name, group, MembershipDetail(thing, group));
    }

    public void Attach(string thing, string principal, bool exclusive)
    {
        RegistryStore.PutPrincipal(connection, thing, principal, exclusive);
        State = State with
        {
            Principals = State.Principals.With(thing, principal),
            Exclusive = exclusive ? State.Exclusive.SetItem(principal, thing) : State.Exclusive.Remove(principal),
        };
        Emit(RegistryChangeKind.PrincipalAttached, thing, principal, default);
    }

    public void Detach(string thing, string principal)
    {
        RegistryStore.DeletePrincipal(connection, thing, principal);
        State = State with { Principals = State.Principals.Without(thing, principal), Exclusive = State.Exclusive.Remove(principal) };
        Emit(RegistryChangeKind.PrincipalDetached, thing, principal, default);
    }

    /// <summary>Exactly these from now on.</summary>
    public void SetTags(string arn, ImmutableSortedDictionary<string, string> tags)
    {
        var old = State.Tags.GetValueOrDefault(arn, ImmutableSortedDictionary<string, string>.Empty);
        if (old.SequenceEqual(tags))
            return;
        foreach (var key in old.Keys.Except(tags.Keys))
            RegistryStore.DeleteTag(connection, arn, key);
        foreach (var (key, value) in tags)
            if (old.GetValueOrDefault(key) != value)
                RegistryStore.PutTag(connection, arn, key, value);
        State = State with { Tags = tags.IsEmpty ? State.Tags.Remove(arn) : State.Tags.SetItem(arn, tags) };
    }

    public void Put(EventSwitches switches)
    {
        RegistryStore.PutSwitches(connection, switches);
        State = State with { Events = switches };
    }

    private void ChangeType(Thing thing, string? from, string? to)
    {
        if (from == to)
            return;
        if (from is not null)
        {
            State = State with { TypeUses = State.TypeUses.Without(thing.Name, from) };
            Emit(RegistryChangeKind.TypeAssociationRemoved, thing.Name, from, TypeAssociationDetail(thing, from));
        }
        if (to is not null)
        {
            State = State with { TypeUses = State.TypeUses.With(thing.Name, to) };
            Emit(RegistryChangeKind.TypeAssociationAdded, thing.Name, to, TypeAssociationDetail(thing, to));
        }
    }

    private void ChangeBilling(string thing, string? from, string? to)
    {
        if (from == to)
            return;
        if (from is not null)
        {
            State = State with { BillingMemberships = State.BillingMemberships.Without(thing, from) };
            Emit(RegistryChangeKind.BillingMembershipRemoved, thing, from, default);
        }
        if (to is not null)
        {
            State = State with { BillingMemberships = State.BillingMemberships.With(thing, to) };
            Emit(RegistryChangeKind.BillingMembershipAdded, thing, to, default);
        }
    }

    private void Emit(RegistryChangeKind kind, string name, string? other, ReadOnlyMemory<byte> detail)
    {
        var change = new RegistryChange(State.Sequence + 1, NewId(), Now, kind, name, other, detail);
        RegistryStore.AppendChange(connection, change);
        State = State with { Sequence = change.Sequence };
        _changes.Add(change);
    }

    private static byte[] Detail(Thing thing) => RegistryJson.Object(writer =>
    {
        writer.WriteString("thingId"u8, thing.Id);
        writer.WriteString("thingName"u8, thing.Name);
        writer.WriteNumber("versionNumber"u8, thing.Version);
        writer.WriteString("thingTypeName"u8, thing.TypeName);                       // null is written, as AWS's guide shows
        writer.WritePropertyName("attributes"u8);
        RegistryJson.WriteAttributes(writer, thing.Attributes);
    });

    private static byte[] Detail(ThingType type) => RegistryJson.Object(writer =>
    {
        writer.WriteString("thingTypeId"u8, type.Id);
        writer.WriteString("thingTypeName"u8, type.Name);
        writer.WriteBoolean("isDeprecated"u8, type.IsDeprecated);
        if (type.DeprecatedAt is { } at)
            writer.WriteNumber("deprecationDate"u8, at);
        else
            writer.WriteNull("deprecationDate"u8);
        writer.WritePropertyName("searchableAttributes"u8);
        RegistryJson.WriteNames(writer, type.Properties.SearchableAttributes);
        writer.WriteString("description"u8, type.Properties.Description);
    });

    private byte[] Detail(ThingGroup group)
    {
        var ancestors = State.AncestorsOf(group);
        return RegistryJson.Object(writer =>
        {
            writer.WriteString("thingGroupId"u8, group.Id);
            writer.WriteString("thingGroupName"u8, group.Name);
            writer.WriteNumber("versionNumber"u8, group.Version);
            writer.WriteString("parentGroupName"u8, group.ParentName);
            writer.WriteString("parentGroupId"u8, ancestors is [var parent, ..] ? parent.Id : null);
            writer.WriteString("description"u8, group.Description);
            writer.WriteStartArray("rootToParentThingGroups"u8);
            foreach (var ancestor in Enumerable.Reverse(ancestors))
            {
                writer.WriteStartObject();
                writer.WriteString("groupArn"u8, Arn("thinggroup", ancestor.Name));
                writer.WriteString("groupId"u8, ancestor.Id);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
            writer.WritePropertyName("attributes"u8);
            RegistryJson.WriteAttributes(writer, group.Attributes);
            if (group.Query is null)
                writer.WriteNull("dynamicGroupMappingId"u8);
            else
                writer.WriteString("dynamicGroupMappingId"u8, group.Id);
        });
    }

    private byte[] HierarchyDetail(ThingGroup child)
    {
        var parent = State.Groups.Find(child.ParentName!)!;
        return RegistryJson.Object(writer =>
        {
            writer.WriteString("thingGroupId"u8, parent.Id);
            writer.WriteString("thingGroupName"u8, parent.Name);
            writer.WriteString("childGroupId"u8, child.Id);
            writer.WriteString("childGroupName"u8, child.Name);
        });
    }

    private byte[] MembershipDetail(Thing thing, string groupName)
    {
        var group = State.Groups.Find(groupName)!;
        return RegistryJson.Object(writer =>
        {
            writer.WriteString("groupArn"u8, Arn("thinggroup", group.Name));
            writer.WriteString("groupId"u8, group.Id);
            writer.WriteString("thingArn"u8, Arn("thing", thing.Name));
            writer.WriteString("thingId"u8, thing.Id);
            writer.WriteString("membershipId"u8, $"{thing.Id}:{group.Id}");
        });
    }

    private static byte[] TypeAssociationDetail(Thing thing, string typeName) => RegistryJson.Object(writer =>
    {
        writer.WriteString("thingId"u8, thing.Id);
        writer.WriteString("thingName"u8, thing.Name);
        writer.WriteString("thingTypeName"u8, typeName);
    });
}

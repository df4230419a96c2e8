using System.Text.Json;
using EdgeGateway.Configuration;
using EdgeGateway.Messaging;

namespace EdgeGateway.Registry;

/// <summary>Publishes changes on <c>$aws/events/…</c> (AWS guide: Registry events) where the category is switched on; after a crash an event may come twice, with the same eventId.</summary>
internal sealed class RegistryEventPublisher(IRegistryFeed feed, IEventConfigurations configurations, IMessageBus bus, GatewayOptions gateway) : BackgroundService
{
    internal static readonly MessageOrigin Origin = new("registry");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var following = await feed.FollowAsync("events", PublishAsync, stoppingToken);
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stoppingToken.Register(stopped.SetResult);
        await stopped.Task;
    }

    private async ValueTask PublishAsync(RegistryChange change, CancellationToken cancellationToken)
    {
        if (Describe(change) is not { } what || !configurations.IsEnabled(what.Category))
            return;
        await bus.PublishAsync(
            new ApplicationMessage($"$aws/events/{what.Topic}", Payload(change, what)) { Origin = Origin, ReceivedAt = change.Time }, cancellationToken);
    }

    /// <summary>Null where AWS has no event.</summary>
    internal static RegistryEvent? Describe(RegistryChange change) => change.Kind switch
    {
        RegistryChangeKind.ThingCreated => new("THING", "THING_EVENT", "CREATED", $"thing/{change.Name}/created"),
        RegistryChangeKind.ThingUpdated => new("THING", "THING_EVENT", "UPDATED", $"thing/{change.Name}/updated"),
        RegistryChangeKind.ThingDeleted => new("THING", "THING_EVENT", "DELETED", $"thing/{change.Name}/deleted"),
        RegistryChangeKind.ThingTypeCreated => new("THING_TYPE", "THING_TYPE_EVENT", "CREATED", $"thingType/{change.Name}/created"),
        RegistryChangeKind.ThingTypeUpdated => new("THING_TYPE", "THING_TYPE_EVENT", "UPDATED", $"thingType/{change.Name}/updated"),
        RegistryChangeKind.ThingTypeDeleted => new("THING_TYPE", "THING_TYPE_EVENT", "DELETED", $"thingType/{change.Name}/deleted"),
        RegistryChangeKind.ThingGroupCreated => new("THING_GROUP", "THING_GROUP_EVENT", "CREATED", $"thingGroup/{change.Name}/created"),
        RegistryChangeKind.ThingGroupUpdated => new("THING_GROUP", "THING_GROUP_EVENT", "UPDATED", $"thingGroup/{change.Name}/updated"),
        RegistryChangeKind.ThingGroupDeleted => new("THING_GROUP", "THING_GROUP_EVENT", "DELETED", $"thingGroup/{change.Name}/deleted"),
        RegistryChangeKind.TypeAssociationAdded => Association(change, "ADDED"),
        RegistryChangeKind.TypeAssociationRemoved => Association(change, "REMOVED"),
        RegistryChangeKind.MembershipAdded => Membership(change, "ADDED"),
        RegistryChangeKind.MembershipRemoved => Membership(change, "REMOVED"),
        RegistryChangeKind.HierarchyAdded => Hierarchy(change, "ADDED"),
        RegistryChangeKind.HierarchyRemoved => Hierarchy(change, "REMOVED"),
        _ => null,
    };

    internal byte[] Payload(RegistryChange change, RegistryEvent what) => RegistryJson.Object(writer =>
    {
        writer.WriteString("eventType"u8, what.EventType);
        writer.WriteString("eventId"u8, change.EventId);
        writer.WriteNumber("timestamp"u8, change.Time);
        writer.WriteString("operation"u8, what.Operation);
        if (what.Category != "THING_TYPE_ASSOCIATION")                               // the one event without it
            writer.WriteString("accountId"u8, gateway.Account);
        using var detail = JsonDocument.Parse(change.Detail);
        foreach (var member in detail.RootElement.EnumerateObject())
            member.WriteTo(writer);
    });

    private static RegistryEvent Association(RegistryChange change, string operation) => new(
        "THING_TYPE_ASSOCIATION", "THING_TYPE_ASSOCIATION_EVENT", operation,
        $"thingTypeAssociation/thing/{change.Name}/thingType/{change.Other}/{Last(operation)}");

    private static RegistryEvent Membership(RegistryChange change, string operation) => new(
        "THING_GROUP_MEMBERSHIP", "THING_GROUP_MEMBERSHIP_EVENT", operation,
        $"thingGroupMembership/thingGroup/{change.Other}/thing/{change.Name}/{Last(operation)}");

    private static RegistryEvent Hierarchy(RegistryChange change, string operation) => new(
        "THING_GROUP_HIERARCHY", "THING_GROUP_HIERARCHY_EVENT", operation,
        $"thingGroupHierarchy/thingGroup/{change.Name}/childThingGroup/{change.Other}/{Last(operation)}");

    private static string Last(string operation) => operation == "ADDED" ? "added" : "removed";
}

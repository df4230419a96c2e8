using System.Text;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using EdgeGateway.Messaging;
using EdgeGateway.Registry;
using Xunit;
using static EdgeGateway.Tests.Registry.RegistryFixture;

namespace EdgeGateway.Tests.Registry;

/// <summary>AWS guide: Registry events.</summary>
public sealed class RegistryEventPublisherTests : IAsyncLifetime
{
    private readonly RegistryFixture _registry = new();
    private readonly RecordingBus _bus = new();
    private RegistryEventPublisher _publisher = null!;

    public async ValueTask InitializeAsync()
    {
        // The place is taken before anything is written, so that no event is missed however late the publisher starts.
        await using (await _registry.Feed.FollowAsync("events", static (_, _) => ValueTask.CompletedTask, default))
        {
        }
        _publisher = new(_registry.Feed, _registry.Events, _bus, _registry.Gateway);
        await _publisher.StartAsync(default);
    }

    public async ValueTask DisposeAsync()
    {
        await _publisher.StopAsync(default);
        _publisher.Dispose();
        _registry.Dispose();
    }

    [Fact]
    public async Task Created_CategoryOn_EventWithAllFields()
    {
        Done(await _registry.CreateThing("silent"));
        Done(await _registry.Events.UpdateAsync(new Dictionary<string, bool> { ["THING"] = true }, default));
        var thing = Done(await _registry.CreateThing("lamp", null, ("room", "hall")));
        var (topic, payload) = await Next();
        while (topic.EndsWith("/silent/created", StringComparison.Ordinal))          // delivered after the switch: allowed
            (topic, payload) = await Next();
        Assert.Equal("$aws/events/thing/lamp/created", topic);
        Assert.True(Guid.TryParse((string)payload["eventId"]!, out _));
        payload.Remove("eventId");
        Assert.Equal(
            $$$"""{"eventType":"THING_EVENT","timestamp":1767225600000,"operation":"CREATED","accountId":"000000000000","thingId":"{{{thing.Id}}}","thingName":"lamp","versionNumber":1,"thingTypeName":null,"attributes":{"room":"hall"}}""",
            payload.ToJsonString());
    }

    [Fact]
    public async Task EveryCategory_TopicsOfTheTable()
    {
        Done(await _registry.Events.UpdateAsync(_registry.Events.All.ToDictionary(static pair => pair.Key, static _ => true), default));
        Done(await _registry.CreateType("Lamp"));
        Done(await _registry.CreateThing("lamp", "Lamp"));
        Done(await _registry.CreateGroup("house"));
        Done(await _registry.CreateGroup("room", "house"));
        Done(await _registry.Join("lamp", "room"));
        Done(await _registry.Groups.DeleteAsync("room", null, default));
        var events = new List<(string Topic, JsonObject Payload)>();
        for (var i = 0; i < 10; i++)
            events.Add(await Next());
        Assert.Equal(
            [
                "$aws/events/thingType/Lamp/created",
                "$aws/events/thing/lamp/created",
                "$aws/events/thingTypeAssociation/thing/lamp/thingType/Lamp/added",
                "$aws/events/thingGroup/house/created",
                "$aws/events/thingGroup/room/created",
                "$aws/events/thingGroupHierarchy/thingGroup/house/childThingGroup/room/added",
                "$aws/events/thingGroupMembership/thingGroup/room/thing/lamp/added",
                "$aws/events/thingGroupMembership/thingGroup/room/thing/lamp/removed",
                "$aws/events/thingGroupHierarchy/thingGroup/house/childThingGroup/room/removed",
                "$aws/events/thingGroup/room/deleted",
            ],
            events.Select(static e => e.Topic));
        Assert.False(events[2].Payload.ContainsKey("accountId"));
        Assert.Equal("house", (string)events[4].Payload["parentGroupName"]!);
        Assert.Single(events[4].Payload["rootToParentThingGroups"]!.AsArray());
        Assert.Equal("arn:aws:iot:edge:000000000000:thing/lamp", (string)events[6].Payload["thingArn"]!);
    }

    [Fact]
    public async Task Update_UnknownCategory_Refused() =>
        Refused(await _registry.Events.UpdateAsync(new Dictionary<string, bool> { ["THINGS"] = true }, default), RegistryErrorKind.InvalidRequest);

    private async Task<(string Topic, JsonObject Payload)> Next()
    {
        var message = await _bus.Published.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        return (message.Topic, JsonNode.Parse(Encoding.UTF8.GetString(message.Payload.Span))!.AsObject());
    }

    private sealed class RecordingBus : IMessageBus
    {
        public Channel<ApplicationMessage> Published { get; } = Channel.CreateUnbounded<ApplicationMessage>();

        public async ValueTask<PublishOutcome> PublishAsync(ApplicationMessage message, CancellationToken cancellationToken)
        {
            await Published.Writer.WriteAsync(message, cancellationToken);
            return default!;
        }

        public IDisposable Subscribe(string filter, IMessageSink sink) => throw new NotSupportedException();

        public IReadOnlyList<ApplicationMessage> Retained(string filter) => [];
    }
}

using EdgeGateway.Registry;
using EdgeGateway.Search;
using EdgeGateway.Shadows;
using EdgeGateway.Tests.Registry;
using Xunit;

namespace EdgeGateway.Tests.Search;

/// <summary>Settings, aggregations, connectivity and dynamic groups, one case each.</summary>
public sealed class FleetSearchTests
{
    private static readonly Dictionary<string, string> None = [];

    [Fact]
    public async Task Aggregations_AreThoseOfTheValues()
    {
        await using var house = await SearchHouse.StartAsync();
        await house.Search.UpdateSettingsAsync(IndexSettings.Everything with { ThingFields = [new("shadow.reported.t", FieldType.Number), new("attributes.room", FieldType.String)] }, default);
        for (var i = 1; i <= 5; i++)
        {
            await house.Registry.CreateThing($"t{i}", null, ("room", i < 4 ? "hall" : "cellar"));
            await house.UpdateShadowAsync(ShadowId.Classic($"t{i}"), $$"""{"state":{"reported":{"t":{{i * 10}} } } }""");
        }
        await house.UpdateShadowAsync(ShadowId.Classic("t5"), """{"state":{"reported":{"t":"warm"}}}""");

        var statistics = await house.Search.StatisticsAsync("AWS_Things", "*", "shadow.reported.t", default);
        Assert.Equal(new(4, new(25, 100, 10, 40, 3000, 125, Math.Sqrt(125))), statistics);
        Assert.Equal(new FieldStatistics(5, null), await house.Search.StatisticsAsync("AWS_Things", "*", "attributes.room", default));
        Assert.Equal(2, await house.Search.CardinalityAsync("AWS_Things", "*", "attributes.room", default));
        Assert.Equal([(0, 10), (50, 25), (100, 40)], await house.Search.PercentilesAsync("AWS_Things", "*", "shadow.reported.t", [0, 50, 100], default));
        var (total, buckets) = await house.Search.BucketsAsync("AWS_Things", "thingName:t*", "attributes.room", 1, default);
        Assert.Equal(5, total);
        Assert.Equal([("hall", 3L)], buckets);
        await Assert.ThrowsAsync<AggregationException>(() => house.Search.StatisticsAsync("AWS_Things", "*", "attributes.other", default));
        await Assert.ThrowsAsync<AggregationException>(() => house.Search.PercentilesAsync("AWS_Things", "*", "attributes.room", [50], default));
    }

    [Fact]
    public async Task Settings_Off_AreKeptAndAnswered()
    {
        await using var house = await SearchHouse.StartAsync();
        await house.Search.UpdateSettingsAsync(new IndexSettings { Things = true, NamedShadows = true, NamedShadowNames = ["config"], ThingFields = [new("attributes.a", FieldType.Number)] }, default);
        await house.RestartAsync();

        Assert.Equal(["config"], house.Search.Settings.NamedShadowNames);
        Assert.Equal([new CustomField("attributes.a", FieldType.Number)], house.Search.Settings.ThingFields);
        Assert.Equal(IndexStatus.Active, house.Search.StatusOf("AWS_Things"));
        Assert.Equal(IndexStatus.Off, house.Search.StatusOf("AWS_ThingGroups"));
        await house.Search.UpdateSettingsAsync(IndexSettings.Off, default);
        var off = await Assert.ThrowsAsync<IndexUnavailableException>(() => house.FindAsync("*"));
        Assert.False(off.IsBuilding);
        await Assert.ThrowsAsync<IndexSettingsException>(() => house.Search.UpdateSettingsAsync(new IndexSettings { Connectivity = true }, default));
    }

    [Fact]
    public async Task NamedShadow_NotChosen_IsNotIndexed()
    {
        await using var house = await SearchHouse.StartAsync();
        await house.Search.UpdateSettingsAsync(IndexSettings.Everything with { NamedShadowNames = ["config"] }, default);
        await house.Changes.CaughtUpAsync(default);
        await house.Registry.CreateThing("t");
        await house.UpdateShadowAsync(new("t", "config"), """{"state":{"reported":{"x":7}}}""");
        await house.UpdateShadowAsync(new("t", "other"), """{"state":{"reported":{"x":8}}}""");

        Assert.Equal(["t"], await house.FindAsync("shadow.name.config.reported.x:7"));
        Assert.Empty(await house.FindAsync("8"));
        Assert.Throws<EdgeGateway.Search.Query.QueryException>(() => house.Search.Check("AWS_Things", "shadow.name.other.reported.x:8"));
    }

    [Fact]
    public async Task Connectivity_OfATakenOverConnection_IsTheNewOne()
    {
        await using var house = await SearchHouse.StartAsync();
        await house.Registry.CreateThing("t");
        house.Presence("t", connected: true, "first", 1);
        house.Presence("t", connected: true, "second", 2);
        house.Presence("t", connected: false, "first", 3, "DUPLICATE_CLIENTID");
        Assert.Equal(["t"], await house.FindAsync("connectivity.connected:true"));
        Assert.Equal(new Connectivity(true, 2, null), await house.Search.ConnectivityAsync("t", default));

        house.Presence("t", connected: false, "second", 4, "MQTT_KEEP_ALIVE_TIMEOUT");
        Assert.Equal(["t"], await house.FindAsync("connectivity.disconnectReason:mqtt_keep* AND connectivity.timestamp >= 4"));
    }

    [Fact]
    public async Task Connectivity_IsKeptOverARestart()
    {
        await using var house = await SearchHouse.StartAsync();
        await house.Registry.CreateThing("gone");
        await house.Registry.CreateThing("there");
        house.Presence("gone", connected: true, "a", 5);
        house.Presence("gone", connected: false, "a", 6, "CLIENT_INITIATED_DISCONNECT");
        house.Presence("there", connected: true, "b", 7);
        await house.SettleAsync();
        await house.RestartAsync();

        Assert.Equal(new Connectivity(false, 6, "CLIENT_INITIATED_DISCONNECT"), await house.Search.ConnectivityAsync("gone", default));
        Assert.Equal(new Connectivity(false, house.Registry.Time.GetUtcNow().ToUnixTimeMilliseconds(), "CONNECTION_LOST"), await house.Search.ConnectivityAsync("there", default));
    }

    [Fact]
    public async Task Pages_GoOnBehindTheLastName()
    {
        await using var house = await SearchHouse.StartAsync();
        for (var i = 0; i < 7; i++)
            await house.Registry.CreateThing($"t{i}");
        var first = await house.Search.ThingsAsync("thingName:t*", "", 3, default);
        await house.Registry.Things.DeleteAsync("t2", null, default);
        var second = await house.Search.ThingsAsync("thingName:t*", first.Last!, 10, default);

        Assert.Equal(["t0", "t1", "t2"], first.Items.Select(static found => found.Thing.Name));
        Assert.Equal(["t3", "t4", "t5", "t6"], second.Items.Select(static found => found.Thing.Name));
        Assert.Null(second.Last);
    }

    [Fact]
    public async Task DynamicGroup_FollowsTypeValueAndConnection()
    {
        await using var house = await SearchHouse.StartAsync();
        await house.Registry.CreateType("lamp");
        await house.Registry.CreateThing("l1", "lamp");
        await house.Registry.CreateThing("l2", "lamp");
        RegistryFixture.Done(await house.Registry.Groups.CreateDynamicAsync(
            "old-lamps", new("AWS_Things", "thingTypeName:lamp AND shadow.reported.version < 2 AND connectivity.connected:true", "2017-09-30"), null, None, None, default));
        Assert.Empty(await house.MembersAsync("old-lamps"));

        await house.UpdateShadowAsync(ShadowId.Classic("l1"), """{"state":{"reported":{"version":1}}}""");
        Assert.Empty(await house.MembersAsync("old-lamps"));
        house.Presence("l1", connected: true, "s");
        Assert.Equal(["l1"], await house.MembersAsync("old-lamps"));
        Assert.Equal(DynamicGroupStatus.Active, house.Dynamic.StatusOf("old-lamps"));
        await house.UpdateShadowAsync(ShadowId.Classic("l1"), """{"state":{"reported":{"version":2}}}""");
        Assert.Empty(await house.MembersAsync("old-lamps"));

        RegistryFixture.Done(await house.Registry.Groups.UpdateDynamicAsync("old-lamps", new("AWS_Things", "thingTypeName:lamp", "2017-09-30"), null, null, null, default));
        Assert.Equal(["l1", "l2"], await house.MembersAsync("old-lamps"));
        RegistryFixture.Done(await house.Registry.Groups.DeleteDynamicAsync("old-lamps", null, default));
        Assert.Empty(house.Registry.Groups.DirectGroupsOf("l1"));
    }

    [Fact]
    public async Task DynamicGroups_TheOlderOnesWinAtTheLimit()
    {
        await using var house = await SearchHouse.StartAsync();
        await house.Registry.CreateThing("t");
        for (var i = 0; i < 4; i++)
        {
            await house.Registry.CreateGroup($"static-{i}");
            RegistryFixture.Done(await house.Registry.Join("t", $"static-{i}"));
        }
        for (var i = 0; i < 8; i++)
        {
            house.Registry.Time.Advance(TimeSpan.FromSeconds(1));
            RegistryFixture.Done(await house.Registry.Groups.CreateDynamicAsync($"dynamic-{9 - i}", new("AWS_Things", "*", "2017-09-30"), null, None, None, default));
        }
        await house.SettleAsync();
        Assert.Equal(["dynamic-4", "dynamic-5", "dynamic-6", "dynamic-7", "dynamic-8", "dynamic-9"], house.Registry.Groups.DirectGroupsOf("t").Where(static name => name.StartsWith("dynamic", StringComparison.Ordinal)));

        await house.Registry.CreateGroup("static-4");
        RegistryFixture.Refused(await house.Registry.Join("t", "static-4"), RegistryErrorKind.InvalidRequest);
        RegistryFixture.Done(await house.Registry.Groups.ChangeMembershipAsync("t", ["static-4"], [], default, overridesDynamicGroups: true));
        await house.SettleAsync();
        Assert.DoesNotContain("dynamic-4", house.Registry.Groups.DirectGroupsOf("t"));
        Assert.Equal(10, house.Registry.Groups.DirectGroupsOf("t").Count);
    }

    [Fact]
    public async Task DynamicGroup_TakesNobodyByHand()
    {
        await using var house = await SearchHouse.StartAsync();
        await house.Registry.CreateThing("t");
        RegistryFixture.Done(await house.Registry.Groups.CreateDynamicAsync("d", new("AWS_Things", "thingName:nobody", "2017-09-30"), null, None, None, default));

        RegistryFixture.Refused(await house.Registry.Join("t", "d"), RegistryErrorKind.InvalidRequest);
        RegistryFixture.Refused(await house.Registry.CreateGroup("child", "d"), RegistryErrorKind.InvalidRequest);
        RegistryFixture.Refused(await house.Registry.Groups.DeleteAsync("d", null, default), RegistryErrorKind.InvalidRequest);
        RegistryFixture.Refused(await house.Registry.Groups.UpdateAsync("d", "x", null, null, default), RegistryErrorKind.InvalidRequest);
        await house.Registry.CreateGroup("s");
        RegistryFixture.Refused(await house.Registry.Groups.DeleteDynamicAsync("s", null, default), RegistryErrorKind.InvalidRequest);
        house.Registry.Restart();
        Assert.Equal("thingName:nobody", house.Registry.Groups.Find("d")!.Query!.QueryString);
    }

    [Fact]
    public async Task DynamicGroup_WhoseQueryIsNotIndexedAnyMore_KeepsItsMembers()
    {
        await using var house = await SearchHouse.StartAsync();
        await house.Registry.CreateThing("t");
        await house.UpdateShadowAsync(ShadowId.Classic("t"), """{"state":{"reported":{"x":1}}}""");
        RegistryFixture.Done(await house.Registry.Groups.CreateDynamicAsync("d", new("AWS_Things", "shadow.reported.x:1", "2017-09-30"), null, None, None, default));
        Assert.Equal(["t"], await house.MembersAsync("d"));

        await house.Search.UpdateSettingsAsync(new IndexSettings { Things = true }, default);
        Assert.Equal(["t"], await house.MembersAsync("d"));
        await house.Search.UpdateSettingsAsync(IndexSettings.Everything, default);
        await house.UpdateShadowAsync(ShadowId.Classic("t"), """{"state":{"reported":{"x":2}}}""");
        Assert.Empty(await house.MembersAsync("d"));
    }
}

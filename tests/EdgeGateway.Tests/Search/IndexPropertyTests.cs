using EdgeGateway.Registry;
using EdgeGateway.Search;
using EdgeGateway.Search.Query;
using EdgeGateway.Shadows;
using Xunit;

namespace EdgeGateway.Tests.Search;

/// <summary>After any changes the index finds what a plain look at registry and shadows finds, and dynamic groups have the members their queries say.</summary>
public sealed class IndexPropertyTests
{
    private static readonly string[] Names = ["lamp-1", "lamp-2", "Lamp-3", "pump_1", "pump_2"];
    private static readonly string[] GroupNames = ["hall", "plant"];
    private static readonly string[] ShadowNames = ["", "config"];
    private static readonly string[] Values = ["1", "2", "10", "-1.5", "1e1", "true", "red", "RED", "lamp-1", "größe", "a b"];
    private static readonly string[] Fields =
    [
        "thingName", "thingTypeName", "registry.thingTypeName", "thingGroupNames", "registry.version", "attributes.model", "attributes.floor", "connectivity.connected", "connectivity.timestamp",
        "connectivity.disconnectReason", "shadow.reported.t", "shadow.reported.deep.er", "shadow.desired.t", "shadow.reported.list", "shadow.reported.place", "shadow.delta.t", "shadow.hasDelta", "shadow.metadata.reported.t.timestamp",
        "shadow.name.config.reported.t", "shadow.name.config.hasDelta",
    ];

    [Fact]
    public async Task AfterRandomChanges_IndexEqualsPlainScan()
    {
        for (var seed = 1; seed <= 60; seed++)
            await RunAsync(seed);
    }

    private static async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        await using var house = await SearchHouse.StartAsync();
        var connected = new Dictionary<string, Connectivity>();
        foreach (var group in GroupNames)
            await house.Registry.CreateGroup(group);
        await house.Registry.CreateType("lamp");
        var dynamic = await CreateDynamicAsync(house, random);
        for (var step = 0; step < 40; step++)
        {
            await ChangeAsync(house, random, connected);
            if (step % 4 != 3)
                continue;
            if (random.Next(10) == 0)
            {
                await house.RestartAsync();
                foreach (var name in connected.Keys.Where(name => house.Registry.Catalog.Find(name) is null).ToList())
                    connected.Remove(name);
                foreach (var (name, state) in connected.Where(static pair => pair.Value.Connected).ToList())
                    connected[name] = new(false, house.Registry.Time.GetUtcNow().ToUnixTimeMilliseconds(), "CONNECTION_LOST");
            }
            for (var i = 0; i < 5; i++)
                await CheckAsync(house, random, connected, $"seed {seed}, step {step}");
            await CheckGroupsAsync(house, dynamic, connected, $"seed {seed}, step {step}");
        }
    }

    private static async Task<List<string>> CreateDynamicAsync(SearchHouse house, Random random)
    {
        var names = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            var name = $"dynamic-{i}";
            RegistryFixtureDone(await house.Registry.Groups.CreateDynamicAsync(name, new("AWS_Things", Query(random, 2), "2017-09-30"), null, new Dictionary<string, string>(), new Dictionary<string, string>(), default));
            names.Add(name);
        }
        return names;
    }

    private static async Task ChangeAsync(SearchHouse house, Random random, Dictionary<string, Connectivity> connected)
    {
        var name = Names[random.Next(Names.Length)];
        var shadow = new ShadowId(name, ShadowNames[random.Next(2)]);
        switch (random.Next(9))
        {
            case 0 or 1:
                await house.Registry.CreateThing(name, random.Next(2) == 0 ? "lamp" : null, ("model", Plain(random)), ("floor", Plain(random)));
                break;
            case 2:
                await house.Registry.Things.UpdateAsync(new(name) { Attributes = new(new Dictionary<string, string> { ["model"] = Plain(random) }, Merge: true) }, default);
                break;
            case 3 when random.Next(3) == 0:
                var exists = house.Registry.Catalog.Find(name) is not null;
                await house.Registry.Things.DeleteAsync(name, null, default);
                if (exists && connected.TryGetValue(name, out var state) && !state.Connected)
                    connected.Remove(name);
                await house.Changes.CaughtUpAsync(default); // made again before that is noticed, it would keep what is known of its client
                break;
            case 4:
                await house.Registry.Groups.ChangeMembershipAsync(name, [GroupNames[random.Next(2)]], [], default);
                break;
            case 5:
                await house.Registry.Groups.ChangeMembershipAsync(name, [], [GroupNames[random.Next(2)]], default);
                break;
            case 6:
                await house.Changes.CaughtUpAsync(default);
                var comes = random.Next(2) == 0;
                house.Presence(name, comes, "s");
                if (comes || house.Registry.Catalog.Find(name) is not null)
                    connected[name] = new(comes, 1, comes ? null : "CONNECTION_LOST");
                else
                    connected.Remove(name);
                await house.Changes.CaughtUpAsync(default);
                break;
            case 7 when random.Next(4) == 0:
                await house.Shadows.Service.DeleteAsync(shadow, default, EdgeGateway.Messaging.MessageOrigin.Api, default);
                break;
            default:
                await house.UpdateShadowAsync(shadow, $$$"""{"state":{"{{{(random.Next(3) == 0 ? "desired" : "reported")}}}":{"t":{{{Json(random)}}},"deep":{"er":{{{Json(random)}}}},"place":{{{Place(random)}}},"list":[{{{Json(random, 9)}}},{{{(random.Next(4) == 0 ? "{}" : Json(random, 9))}}}] } } }""");
                break;
        }
    }

    private static async Task CheckAsync(SearchHouse house, Random random, Dictionary<string, Connectivity> connected, string where)
    {
        var text = Query(random, 3);
        var query = house.Search.Parse("AWS_Things", text);
        Assert.Equal(query, house.Search.Parse("AWS_Things", query.ToString()!));
        await house.SettleAsync();
        var (expected, found) = (PlainScan.Find(house, query, connected, ShadowNames), await house.FindAsync(text));
        Assert.True(expected.SequenceEqual(found), $"{where}: {text} found {string.Join(' ', found)} instead of {string.Join(' ', expected)}");
    }

    private static async Task CheckGroupsAsync(SearchHouse house, List<string> groups, Dictionary<string, Connectivity> connected, string where)
    {
        foreach (var name in groups)
        {
            var members = await house.MembersAsync(name);
            var query = house.Registry.Groups.Find(name)!.Query!.QueryString;
            var expected = PlainScan.Find(house, house.Search.Parse("AWS_Things", query), connected, ShadowNames, seesDynamicGroups: false);
            Assert.True(expected.SequenceEqual(members), $"{where}: {name} of {query} has {string.Join(' ', members)} instead of {string.Join(' ', expected)}");
            Assert.Equal(DynamicGroupStatus.Active, house.Dynamic.StatusOf(name));
        }
    }

    private static string Query(Random random, int depth) => (depth == 0 ? 0 : random.Next(6)) switch
    {
        1 => $"({Query(random, depth - 1)} OR {Query(random, depth - 1)})",
        2 => $"{Query(random, depth - 1)} AND {Query(random, depth - 1)}",
        3 => $"{Query(random, depth - 1)} {Query(random, depth - 1)}",
        4 => $"NOT {Query(random, depth - 1)}",
        5 => $"{Fields[random.Next(Fields.Length)]}:({Value(random)} OR NOT {Value(random)})",
        _ => random.Next(8) == 0 ? Word(random) : Term(random),
    };

    private static string Term(Random random)
    {
        var field = Fields[random.Next(Fields.Length)];
        if (random.Next(12) == 0)
            field = "shadow.reported.place";
        return random.Next(field.EndsWith("place", StringComparison.Ordinal) ? 8 : 5) switch
        {
            > 4 => $"{field}:geo_distance,{random.Next(-90, 91)},{random.Next(-180, 181)},{random.Next(1, 20_000)}{new[] { "km", "mi", "m" }[random.Next(3)]}",
            0 => $"{field}:{(random.Next(2) == 0 ? '[' : '{')}{Bound(random)} TO {Bound(random)}{(random.Next(2) == 0 ? ']' : '}')}",
            1 => $"{field} {new[] { "<", "<=", ">", ">=" }[random.Next(4)]} {random.Next(-2, 12)}",
            _ => $"{field}:{Value(random)}",
        };
    }

    private static string Value(Random random) => random.Next(6) switch
    {
        0 => "*",
        1 => $"{QueryNode.Escape(Values[random.Next(Values.Length)][..1])}*",
        2 => $"{QueryNode.Escape(Values[random.Next(Values.Length)][..1])}?d",
        _ => Word(random),
    };

    private static string Word(Random random)
    {
        var value = Values[random.Next(Values.Length)];
        return random.Next(2) == 0 ? $"\"{value}\"" : QueryNode.Escape(value);
    }

    private static string Bound(Random random) => random.Next(4) == 0 ? "*" : $"\"{Values[random.Next(Values.Length)]}\"";

    private static string Json(Random random, int kinds = 10) =>
        new[] { "1", "2", "10", "-1.5", "true", "\"red\"", "\"RED\"", "\"10\"", "\"gr\\u00f6\\u00dfe\"", "null" }[random.Next(kinds)];

    private static string Place(Random random)
    {
        var (latitude, longitude) = (random.Next(-95, 96), random.Next(-190, 191));
        return random.Next(6) switch
        {
            0 => $"[{latitude},{longitude}]",
            1 => $"\"{latitude}.5, {longitude}\"",
            2 => $$"""{"lat":{{latitude}},"longitude":{{longitude}}}""",
            3 => $$"""{"latitude":"{{latitude}}","lon":{{longitude}},"other":[1,2]}""",
            4 => Json(random),
            _ => $"[{latitude},{longitude},3]",
        };
    }

    private static string Plain(Random random) => Values[random.Next(8)];

    private static void RegistryFixtureDone<T>(RegistryResult<T> result) => Registry.RegistryFixture.Done(result);
}

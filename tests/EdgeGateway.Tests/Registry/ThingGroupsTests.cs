using EdgeGateway.Registry;
using Xunit;
using static EdgeGateway.Tests.Registry.RegistryFixture;

namespace EdgeGateway.Tests.Registry;

public sealed class ThingGroupsTests : IDisposable
{
    private readonly RegistryFixture _registry = new();

    public void Dispose() => _registry.Dispose();

    [Fact]
    public async Task GroupsOf_NestedGroup_AncestorsAfterIt()
    {
        await Chain("house", "floor", "room");
        Done(await _registry.CreateThing("lamp"));
        Done(await _registry.Join("lamp", "room"));
        Assert.Equal(["room", "floor", "house"], _registry.Catalog.GroupsOf("lamp"));
        Assert.Equal(["room"], _registry.Groups.DirectGroupsOf("lamp"));
        Assert.Equal(["floor", "house"], _registry.Groups.AncestorsOf("room").Select(static group => group.Name));
        Assert.Equal(["lamp"], _registry.Groups.MembersOf("house", recursive: true));
        Assert.Empty(_registry.Groups.MembersOf("house", recursive: false));
    }

    [Fact]
    public async Task Create_EighthLevel_Refused()
    {
        await Chain("1", "2", "3", "4", "5", "6", "7");
        Refused(await _registry.CreateGroup("8", "7"), RegistryErrorKind.InvalidRequest);
        Refused(await _registry.CreateGroup("8", "missing"), RegistryErrorKind.ResourceNotFound);
    }

    [Fact]
    public async Task Create_HundredAndFirstChild_Refused()
    {
        Done(await _registry.CreateGroup("root"));
        foreach (var result in await Task.WhenAll(Enumerable.Range(0, 100).Select(i => _registry.CreateGroup($"c{i}", "root"))))
            Done(result);
        Refused(await _registry.CreateGroup("c100", "root"), RegistryErrorKind.InvalidRequest);
    }

    [Fact]
    public async Task Create_Again_SameParentOnly()
    {
        await Chain("house", "room");
        Done(await _registry.CreateGroup("room", "house"));
        Refused(await _registry.CreateGroup("room"), RegistryErrorKind.ResourceAlreadyExists);
    }

    [Fact]
    public async Task Join_SecondGroupOfOneHierarchy_Refused()
    {
        await Chain("house", "floor", "room");
        Done(await _registry.CreateThing("lamp"));
        Done(await _registry.Join("lamp", "room"));
        Refused(await _registry.Join("lamp", "house"), RegistryErrorKind.InvalidRequest);
        Assert.False(Done(await _registry.Join("lamp", "room")));
        Assert.True(Done(await _registry.Groups.ChangeMembershipAsync("lamp", ["house"], ["room"], default)));
        Assert.Equal(["house"], _registry.Catalog.GroupsOf("lamp"));
    }

    [Fact]
    public async Task Join_EleventhGroup_Refused()
    {
        Done(await _registry.CreateThing("lamp"));
        for (var i = 0; i < 11; i++)
            Done(await _registry.CreateGroup($"g{i}"));
        Done(await _registry.Join("lamp", [.. Enumerable.Range(0, 10).Select(static i => $"g{i}")]));
        Refused(await _registry.Join("lamp", "g10"), RegistryErrorKind.InvalidRequest);
        Done(await _registry.Groups.ChangeMembershipAsync("lamp", ["g10"], ["g0"], default));
    }

    [Fact]
    public async Task Delete_WithChildren_RefusedWithMembersAllowed()
    {
        await Chain("house", "room");
        Done(await _registry.CreateThing("lamp"));
        Done(await _registry.Join("lamp", "room"));
        Assert.Contains("room", Refused(await _registry.Groups.DeleteAsync("house", null, default), RegistryErrorKind.InvalidRequest).Message, StringComparison.Ordinal);
        Refused(await _registry.Groups.DeleteAsync("room", 7, default), RegistryErrorKind.VersionConflict);
        Assert.True(Done(await _registry.Groups.DeleteAsync("room", null, default)));
        Assert.Empty(_registry.Catalog.GroupsOf("lamp"));
        Assert.True(Done(await _registry.Groups.DeleteAsync("house", null, default)));
        Assert.False(Done(await _registry.Groups.DeleteAsync("house", null, default)));
    }

    [Fact]
    public async Task Update_VersionGoesUpAndDescriptionStays()
    {
        Done(await _registry.Groups.CreateAsync("house", null, "mine", None, None, default));
        var updated = Done(await _registry.Groups.UpdateAsync("house", null, new(new Dictionary<string, string> { ["a"] = "1" }, false), 1, default));
        Assert.Equal(2, updated.Version);
        Assert.Equal("mine", updated.Description);
        Refused(await _registry.Groups.UpdateAsync("house", "x", null, 1, default), RegistryErrorKind.VersionConflict);
    }

    [Fact]
    public async Task BillingGroup_ThingInAnother_Refused()
    {
        Done(await _registry.CreateThing("lamp"));
        Done(await _registry.BillingGroups.CreateAsync("a", null, None, default));
        Done(await _registry.BillingGroups.CreateAsync("b", null, None, default));
        Assert.True(Done(await _registry.BillingGroups.AddThingAsync("a", "lamp", default)));
        Refused(await _registry.BillingGroups.AddThingAsync("b", "lamp", default), RegistryErrorKind.InvalidRequest);
        Assert.Equal(["lamp"], _registry.BillingGroups.MembersOf("a"));
        Assert.Equal(1, _registry.Catalog.Find("lamp")!.Version);
        Assert.True(Done(await _registry.BillingGroups.DeleteAsync("a", null, default)));
        Assert.Null(_registry.Catalog.Find("lamp")!.BillingGroupName);
        Assert.True(Done(await _registry.BillingGroups.AddThingAsync("b", "lamp", default)));
        Assert.True(Done(await _registry.BillingGroups.RemoveThingAsync("b", "lamp", default)));
    }

    [Fact]
    public async Task Tags_FiftyFirst_LimitExceededAndGoneWithTheGroup()
    {
        const string arn = "arn:aws:iot:edge:000000000000:thinggroup/house";
        Done(await _registry.Groups.CreateAsync("house", null, null, None, new Dictionary<string, string> { ["k"] = "v" }, default));
        Assert.Equal([new("k", "v")], _registry.Tags.Of(arn));
        Refused(await _registry.Tags.SetAsync(arn, Enumerable.Range(0, 50).ToDictionary(static i => $"t{i}", static _ => ""), default), RegistryErrorKind.LimitExceeded);
        Refused(await _registry.Tags.SetAsync(arn, new Dictionary<string, string> { ["aws:x"] = "v" }, default), RegistryErrorKind.InvalidRequest);
        Done(await _registry.Tags.SetAsync(arn, new Dictionary<string, string> { ["k"] = "w", ["l"] = "" }, default));
        Done(await _registry.Tags.RemoveAsync(arn, ["k"], default));
        _registry.Restart();
        Assert.Equal([new("l", "")], _registry.Tags.Of(arn));
        Done(await _registry.Groups.DeleteAsync("house", null, default));
        Assert.Empty(_registry.Tags.Of(arn));
    }

    private async Task Chain(params string[] names)
    {
        string? parent = null;
        foreach (var name in names)
        {
            Done(await _registry.CreateGroup(name, parent));
            parent = name;
        }
    }
}

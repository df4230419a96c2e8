using EdgeGateway.Registry;
using Xunit;
using static EdgeGateway.Tests.Registry.RegistryFixture;

namespace EdgeGateway.Tests.Registry;

public sealed class ThingsTests : IDisposable
{
    private const string Certificate = "arn:aws:iot:edge:000000000000:cert/aa";
    private readonly RegistryFixture _registry = new();

    public void Dispose() => _registry.Dispose();

    [Fact]
    public async Task Create_Again_SameConfigurationSameThing()
    {
        var first = Done(await _registry.CreateThing("lamp", null, ("room", "hall")));
        var second = Done(await _registry.CreateThing("lamp", null, ("room", "hall")));
        Assert.Equal(first, second);
        Assert.Equal(1, second.Version);
        Assert.Equal(first, _registry.Catalog.Find("lamp"));
        Assert.Single(_registry.Changes);
    }

    [Fact]
    public async Task Create_AgainOtherwise_RefusedWithItsArnAndId()
    {
        var first = Done(await _registry.CreateThing("lamp", null, ("room", "hall")));
        var error = Refused(await _registry.CreateThing("lamp", null, ("room", "attic")), RegistryErrorKind.ResourceAlreadyExists);
        Assert.Equal("arn:aws:iot:edge:000000000000:thing/lamp", error.ResourceArn);
        Assert.Equal(first.Id, error.ResourceId);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a/b")]
    [InlineData("ä")]
    public async Task Create_BadName_Refused(string name) =>
        Assert.Contains("thingName", Refused(await _registry.CreateThing(name), RegistryErrorKind.InvalidRequest).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Create_NameOf128And129_OnlyTheFirst()
    {
        Done(await _registry.CreateThing(new string('x', 128)));
        Refused(await _registry.CreateThing(new string('x', 129)), RegistryErrorKind.InvalidRequest);
    }

    [Fact]
    public async Task Create_MissingTypeOrBillingGroup_NotFound()
    {
        Refused(await _registry.CreateThing("lamp", "Lamp"), RegistryErrorKind.ResourceNotFound);
        Refused(await _registry.Things.CreateAsync("lamp", null, None, "house", default), RegistryErrorKind.ResourceNotFound);
        Assert.Empty(_registry.Catalog.Things);
    }

    [Fact]
    public async Task Create_FourAttributes_OnlyWithAType()
    {
        (string, string)[] four = [("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")];
        Refused(await _registry.CreateThing("lamp", null, four), RegistryErrorKind.InvalidRequest);
        Done(await _registry.CreateType("Lamp"));
        Done(await _registry.CreateThing("lamp", "Lamp", four));
        var many = Enumerable.Range(0, 51).Select(static i => ($"a{i}", "x")).ToArray();
        Refused(await _registry.CreateThing("other", "Lamp", many), RegistryErrorKind.InvalidRequest);
        Done(await _registry.CreateThing("other", "Lamp", many[..50]));
    }

    [Theory]
    [InlineData("a b", "x")]
    [InlineData("", "x")]
    [InlineData("a", "x y")]
    [InlineData("a", "é")]
    public async Task Create_BadAttribute_Refused(string name, string value) =>
        Refused(await _registry.CreateThing("lamp", null, (name, value)), RegistryErrorKind.InvalidRequest);

    [Fact]
    public async Task Create_ValueOf800And801_OnlyTheFirst()
    {
        Done(await _registry.CreateThing("lamp", null, ("a", new string('x', 800))));
        Refused(await _registry.CreateThing("lamp2", null, ("a", new string('x', 801))), RegistryErrorKind.InvalidRequest);
    }

    [Fact]
    public async Task Update_Merge_EmptyValueRemovesAndTheOthersStay()
    {
        Done(await _registry.CreateThing("lamp", null, ("a", "1"), ("b", "2")));
        var merged = Done(await Update("lamp", new(new Dictionary<string, string> { ["a"] = "", ["c"] = "3" }, Merge: true)));
        Assert.Equal([new("b", "2"), new("c", "3")], merged.Attributes);
        Assert.Equal(2, merged.Version);
        var replaced = Done(await Update("lamp", new(new Dictionary<string, string> { ["z"] = "9" }, Merge: false)));
        Assert.Equal([new("z", "9")], replaced.Attributes);
        Assert.Equal(3, replaced.Version);
    }

    [Fact]
    public async Task Update_OtherVersion_ConflictAndNothingChanged()
    {
        Done(await _registry.CreateThing("lamp"));
        var update = new ThingUpdate("lamp") { ExpectedVersion = 2, Attributes = new(new Dictionary<string, string> { ["a"] = "1" }, false) };
        Refused(await _registry.Things.UpdateAsync(update, default), RegistryErrorKind.VersionConflict);
        Assert.Equal(1, _registry.Catalog.Find("lamp")!.Version);
        Assert.Equal(2, Done(await _registry.Things.UpdateAsync(update with { ExpectedVersion = 1 }, default)).Version);
    }

    [Fact]
    public async Task Update_RemoveTypeWithFourAttributes_Refused()
    {
        Done(await _registry.CreateType("Lamp"));
        Done(await _registry.CreateThing("lamp", "Lamp", ("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")));
        Refused(await _registry.Things.UpdateAsync(new("lamp") { RemoveType = true }, default), RegistryErrorKind.InvalidRequest);
        var bare = new ThingUpdate("lamp") { RemoveType = true, Attributes = new(None, false) };
        Assert.Null(Done(await _registry.Things.UpdateAsync(bare, default)).TypeName);
        Refused(await _registry.Things.UpdateAsync(bare with { TypeName = "Lamp" }, default), RegistryErrorKind.InvalidRequest);
    }

    [Fact]
    public async Task Update_Missing_NotFound() =>
        Refused(await _registry.Things.UpdateAsync(new("lamp"), default), RegistryErrorKind.ResourceNotFound);

    [Fact]
    public async Task Delete_WithPrincipal_RefusedNamingItThenDone()
    {
        Done(await _registry.CreateThing("lamp"));
        Done(await _registry.Things.AttachAsync("lamp", Certificate, false, default));
        Assert.Contains(Certificate, Refused(await _registry.Things.DeleteAsync("lamp", null, default), RegistryErrorKind.InvalidRequest).Message, StringComparison.Ordinal);
        Assert.True(Done(await _registry.Things.DetachAsync("lamp", Certificate, default)));
        Refused(await _registry.Things.DeleteAsync("lamp", 2, default), RegistryErrorKind.VersionConflict);
        Assert.True(Done(await _registry.Things.DeleteAsync("lamp", 1, default)));
        Assert.False(Done(await _registry.Things.DeleteAsync("lamp", null, default)));
        Assert.Null(_registry.Catalog.Find("lamp"));
    }

    [Fact]
    public async Task Delete_InGroups_LeavesThemAndComesBackWithAnotherId()
    {
        var first = Done(await _registry.CreateThing("lamp"));
        Done(await _registry.CreateGroup("house"));
        Done(await _registry.Join("lamp", "house"));
        Done(await _registry.Things.DeleteAsync("lamp", null, default));
        Assert.Empty(_registry.Groups.MembersOf("house", recursive: false));
        var second = Done(await _registry.CreateThing("lamp"));
        Assert.NotEqual(first.Id, second.Id);
        Assert.Empty(_registry.Catalog.GroupsOf("lamp"));
    }

    [Fact]
    public async Task Attach_Exclusive_BindsToOneThingOnly()
    {
        Done(await _registry.CreateThing("a"));
        Done(await _registry.CreateThing("b"));
        Assert.True(Done(await _registry.Things.AttachAsync("a", Certificate, exclusive: true, default)));
        Assert.False(Done(await _registry.Things.AttachAsync("a", Certificate, exclusive: true, default)));
        Refused(await _registry.Things.AttachAsync("b", Certificate, exclusive: false, default), RegistryErrorKind.InvalidRequest);
        Assert.Equal("a", _registry.Catalog.ExclusiveThingOf(Certificate));
        Done(await _registry.Things.DetachAsync("a", Certificate, default));
        Done(await _registry.Things.AttachAsync("a", Certificate, exclusive: false, default));
        Done(await _registry.Things.AttachAsync("b", Certificate, exclusive: false, default));
        Assert.Equal(["a", "b"], _registry.Catalog.ThingsOf(Certificate));
        Refused(await _registry.Things.AttachAsync("b", Certificate, exclusive: true, default), RegistryErrorKind.InvalidRequest);
        Assert.True(_registry.Catalog.IsAttached("b", Certificate));
        Assert.False(_registry.Catalog.IsAttached("c", Certificate));
    }

    private Task<RegistryResult<Thing>> Update(string name, AttributeChange attributes) =>
        _registry.Things.UpdateAsync(new(name) { Attributes = attributes }, default);
}

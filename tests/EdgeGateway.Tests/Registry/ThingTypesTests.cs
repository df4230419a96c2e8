using EdgeGateway.Registry;
using Xunit;
using static EdgeGateway.Tests.Registry.RegistryFixture;

namespace EdgeGateway.Tests.Registry;

public sealed class ThingTypesTests : IDisposable
{
    private readonly RegistryFixture _registry = new();

    public void Dispose() => _registry.Dispose();

    [Fact]
    public async Task Deprecate_TypeInUse_NoThingIsGivenItAnyMore()
    {
        Done(await _registry.CreateType("Lamp"));
        Done(await _registry.CreateThing("old", "Lamp"));
        Assert.True(Done(await _registry.Types.DeprecateAsync("Lamp", undo: false, default)).IsDeprecated);
        Refused(await _registry.CreateThing("new", "Lamp"), RegistryErrorKind.InvalidRequest);
        Done(await _registry.CreateThing("new"));
        Refused(await _registry.Things.UpdateAsync(new("new") { TypeName = "Lamp" }, default), RegistryErrorKind.InvalidRequest);
        Assert.Equal("Lamp", Done(await _registry.Things.UpdateAsync(new("old") { Attributes = new(None, true) }, default)).TypeName);
        Assert.Null(Done(await _registry.Types.DeprecateAsync("Lamp", undo: true, default)).DeprecatedAt);
        Done(await _registry.Things.UpdateAsync(new("new") { TypeName = "Lamp" }, default));
    }

    [Fact]
    public async Task Delete_OnlyDeprecatedUnusedAndAfterTheWait()
    {
        Refused(await _registry.Types.DeleteAsync("Lamp", default), RegistryErrorKind.ResourceNotFound);
        Done(await _registry.CreateType("Lamp"));
        Done(await _registry.CreateThing("lamp", "Lamp"));
        Refused(await _registry.Types.DeleteAsync("Lamp", default), RegistryErrorKind.InvalidRequest);
        Done(await _registry.Types.DeprecateAsync("Lamp", undo: false, default));
        _registry.Time.Advance(TimeSpan.FromMinutes(5));
        Refused(await _registry.Types.DeleteAsync("Lamp", default), RegistryErrorKind.InvalidRequest);
        Done(await _registry.Things.DeleteAsync("lamp", null, default));
        Done(await _registry.Types.DeleteAsync("Lamp", default));
        Assert.Null(_registry.Types.Find("Lamp"));
    }

    [Fact]
    public async Task Delete_TooSoon_RefusedAndDeprecatingAgainKeepsTheDate()
    {
        Done(await _registry.CreateType("Lamp"));
        Done(await _registry.Types.DeprecateAsync("Lamp", undo: false, default));
        _registry.Time.Advance(TimeSpan.FromSeconds(299));
        Refused(await _registry.Types.DeleteAsync("Lamp", default), RegistryErrorKind.InvalidRequest);
        Done(await _registry.Types.DeprecateAsync("Lamp", undo: false, default));
        _registry.Time.Advance(TimeSpan.FromSeconds(1));
        Done(await _registry.Types.DeleteAsync("Lamp", default));
    }

    [Fact]
    public async Task Create_FourSearchableAttributes_Refused() =>
        Refused(await _registry.Types.CreateAsync("Lamp", new(null, ["a", "b", "c", "d"], null), None, default), RegistryErrorKind.InvalidRequest);

    [Fact]
    public async Task Update_DescriptionChangesSearchableAttributesDoNot()
    {
        Done(await _registry.Types.CreateAsync("Lamp", new("old", ["a"], null), None, default));
        var updated = Done(await _registry.Types.UpdateAsync("Lamp", new("new", [], [new("k", "a", null)]), default));
        Assert.Equal(new ThingTypeProperties("new", ["a"], [new("k", "a", null)]), updated.Properties);
        Refused(await _registry.Types.UpdateAsync("Lamp", new(null, ["b"], null), default), RegistryErrorKind.InvalidRequest);
        _registry.Restart();
        Assert.Equal(updated.Properties, _registry.Types.Find("Lamp")!.Properties);
    }
}

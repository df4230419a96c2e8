using EdgeGateway.Sync.State;
using Xunit;

namespace EdgeGateway.Tests.Sync.State;

/// <summary>Worked examples (docs/sync.md) about versions, deletes and lost answers.</summary>
public sealed class ShadowReconcilerTests
{
    private readonly List<string> _steps = [];
    private readonly SyncModel _model;

    public ShadowReconcilerTests() => _model = new((step, after) =>
    {
        if (!after)
            _steps.Add(step);
        return null;
    });

    [Fact]
    public async Task FirstContact_EachSideHasSomething_BothHaveTheUnion()
    {
        _model.Here.Write("""{"state":{"desired":{"b":2}}}""");
        _model.There.Write("""{"state":{"desired":{"a":1}}}""");
        await AlikeAsync();
        Assert.Equal("""{"desired":{"a":1,"b":2}}""", _model.Here.State!.ToString());
        Assert.Equal(SyncState.InSync, _model.Memory.Record!.State);
    }

    [Fact]
    public async Task OnlyLocalChange_TrustedBase_IsOneRequest()
    {
        await StartAlikeAsync();
        _model.Here.Write("""{"state":{"reported":{"a":2}}}""");
        Assert.True(await _model.Reconciler(MergePolicy.Default).TryReconcileAsync(SyncModel.Lamp, SyncDirection.Both, trustsBase: true, default));
        Assert.Equal(["cloud update"], _steps.Where(static step => step.StartsWith("cloud", StringComparison.Ordinal)));
        Assert.Equal("""{"reported":{"a":2}}""", _model.There.State!.ToString());
    }

    [Fact]
    public async Task LocalDeleteOffline_CloudUnchanged_DeletesThere()
    {
        await StartAlikeAsync();
        _model.Here.Delete();
        await AlikeAsync();
        Assert.Null(_model.There.State);
        Assert.Empty(_model.Memory.Journal);
    }

    [Fact]
    public async Task LocalDeleteOffline_CloudEdited_ComesBackWithAnEntry()
    {
        await StartAlikeAsync();
        _model.Here.Delete();
        _model.There.Write("""{"state":{"desired":{"x":5}}}""");
        await AlikeAsync();
        Assert.Equal("""{"desired":{"x":5},"reported":{"a":1}}""", _model.Here.State!.ToString());
        var entry = Assert.Single(_model.Memory.Journal);
        Assert.Equal(("edit-over-deletion", null, false), (entry.Rule, entry.Local, entry.KeptLocal));
        Assert.Equal(1, _model.Memory.Record!.Epoch);
    }

    [Fact]
    public async Task CloudDelete_LocalEdited_ComesBackThere()
    {
        await StartAlikeAsync();
        _model.There.Delete();
        _model.Here.Write("""{"state":{"reported":{"a":2}}}""");
        await AlikeAsync();
        Assert.Equal("""{"reported":{"a":2}}""", _model.There.State!.ToString());
        Assert.Single(_model.Memory.Journal);
    }

    [Fact]
    public async Task CloudDelete_LocalUnchanged_DeletesHere()
    {
        await StartAlikeAsync();
        _model.There.Delete();
        await AlikeAsync();
        Assert.Null(_model.Here.State);
    }

    [Fact]
    public async Task DeleteAndRecreateOffline_CloudGetsExactlyTheNewOne()
    {
        await StartAlikeAsync();
        _model.Here.Delete();
        _model.Here.Write("""{"state":{"desired":{"n":1}}}""");
        await AlikeAsync();
        Assert.Equal("""{"desired":{"n":1}}""", _model.There.State!.ToString());
        Assert.Empty(_model.Memory.Journal);
    }

    [Fact]
    public async Task LostAnswer_NothingIsSentAgain()
    {
        var isLost = false;
        var model = new SyncModel((step, after) => step == "cloud update" && after && isLost ? new UpstreamLostException("away") : null);
        model.Here.Write("""{"state":{"reported":{"a":1}}}""");
        await AlikeAsync(model);
        model.Here.Write("""{"state":{"reported":{"a":2}}}""");
        isLost = true;
        await Assert.ThrowsAsync<UpstreamLostException>(() => model.Reconciler(MergePolicy.Default).TryReconcileAsync(SyncModel.Lamp, SyncDirection.Both, true, default));
        isLost = false;
        var version = model.There.Document.Version;
        await AlikeAsync(model);
        Assert.Equal(version, model.There.Document.Version);
        Assert.Equal(version, model.Memory.Record!.CloudVersion);
    }

    [Fact]
    public async Task AnswerLostAndNewerLocalWrite_IsNoConflictWithOurOwnWords()
    {
        var isLost = false;
        var model = new SyncModel((step, after) => step == "cloud update" && after && isLost ? new UpstreamLostException("away") : null);
        model.Here.Write("""{"state":{"desired":{"a":1}}}""");
        await AlikeAsync(model);
        model.Here.Write("""{"state":{"desired":{"a":2}}}""");
        isLost = true;
        await Assert.ThrowsAsync<UpstreamLostException>(() => model.Reconciler(MergePolicy.Default).TryReconcileAsync(SyncModel.Lamp, SyncDirection.Both, false, default));
        isLost = false;
        model.Here.Write("""{"state":{"desired":{"a":3}}}""");                        // newer than what the cloud, which owns desired, got from us
        await AlikeAsync(model);
        Assert.Equal("""{"desired":{"a":3}}""", model.There.State!.ToString());
        Assert.Empty(model.Memory.Journal);
    }

    [Fact]
    public async Task CloudMovedMeanwhile_VersionConflict_MergesAgain()
    {
        await StartAlikeAsync();
        _model.Here.Write("""{"state":{"reported":{"a":2}}}""");
        _model.There.Write("""{"state":{"desired":{"x":9}}}""");
        Assert.False(await _model.Reconciler(MergePolicy.Default).TryReconcileAsync(SyncModel.Lamp, SyncDirection.Both, trustsBase: true, default));
        await AlikeAsync();
        Assert.Equal("""{"desired":{"x":9},"reported":{"a":2}}""", _model.Here.State!.ToString());
    }

    [Fact]
    public async Task UpstreamWithSmallerLimit_TakesWhatFits_AndParksTheRest()
    {
        _model.There.MaxBytes = 100;
        _model.Here.Write($$$$"""{"state":{"reported":{"big":"{{{{new string('x', 200)}}}}","small":1}}}""");
        Assert.True(await _model.Reconciler(MergePolicy.Default).TryReconcileAsync(SyncModel.Lamp, SyncDirection.Both, false, default));
        Assert.Equal("""{"reported":{"small":1}}""", _model.There.State!.ToString());
        Assert.Equal(SyncState.Parked, _model.Memory.Record!.State);
        Assert.Contains("/reported/big (413", _model.Memory.Record.Reason, StringComparison.Ordinal);
        Assert.Contains("big", _model.Here.State!.ToString(), StringComparison.Ordinal);

        _model.There.Write("""{"state":{"desired":{"x":1}}}""");                      // the rest goes on in both directions
        _model.Here.Write("""{"state":{"reported":{"big":"short"}}}""");
        await AlikeAsync();
        Assert.Equal("""{"desired":{"x":1},"reported":{"big":"short","small":1}}""", _model.There.State!.ToString());
    }

    [Theory]
    [InlineData(SyncDirection.Up, "2", "2")]
    [InlineData(SyncDirection.Down, "3", "3")]
    internal async Task OneWay_TheOtherSideIsOverwritten(SyncDirection direction, string here, string there)
    {
        await StartAlikeAsync();
        _model.Here.Write("""{"state":{"reported":{"a":2}}}""");
        _model.There.Write("""{"state":{"reported":{"a":3}}}""");
        await AlikeAsync(_model, direction);
        Assert.Equal($$$$"""{"reported":{"a":{{{{here}}}}}}""", _model.Here.State!.ToString());
        Assert.Equal($$$$"""{"reported":{"a":{{{{there}}}}}}""", _model.There.State!.ToString());
    }

    private async Task StartAlikeAsync()
    {
        _model.Here.Write("""{"state":{"reported":{"a":1}}}""");
        await AlikeAsync();
        _steps.Clear();
    }

    private Task AlikeAsync() => AlikeAsync(_model);

    private static async Task AlikeAsync(SyncModel model, SyncDirection direction = SyncDirection.Both)
    {
        for (var attempt = 0; !await model.Reconciler(MergePolicy.Default).TryReconcileAsync(SyncModel.Lamp, direction, trustsBase: false, default); attempt++)
            Assert.True(attempt < 10, "no end");
        Assert.True(model.Here.State is null == model.There.State is null, $"{model.Here.Document} and {model.There.Document}");
        if (model.Here.State is { } state)
            Assert.True(SectionStates.Equal(state, model.There.State!), $"{model.Here.Document} and {model.There.Document}");
    }
}

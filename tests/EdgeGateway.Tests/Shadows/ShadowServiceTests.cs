using System.Text;
using System.Text.Json;
using EdgeGateway.Messaging;
using EdgeGateway.Shadows;
using Xunit;

namespace EdgeGateway.Tests.Shadows;

public sealed class ShadowServiceTests
{
    private const string Prefix = "$aws/things/lamp/shadow";
    private static readonly ShadowId Lamp = ShadowFixture.Lamp;

    public static TheoryData<string> Ids => [.. ShadowVector.All.Keys];

    /// <summary>The vectors once more, over the request topics and the database.</summary>
    [Theory, MemberData(nameof(Ids)), Trait("Category", "Vectors")]
    public async Task Topics_Vector_AsExpected(string id)
    {
        await using var fixture = await ShadowFixture.StartAsync();
        foreach (var step in ShadowVector.All[id].Steps)
        {
            var shadow = new ShadowId(step.Thing, step.Shadow);
            var existed = fixture.Service.Find(shadow) is not null;
            fixture.Bus.Deliver(new($"{shadow.TopicPrefix}/{step.Operation}", step.Payload) { ClientId = "c", Origin = MessageOrigin.Client });
            await fixture.SettleAsync();

            var messages = fixture.Taken().ToDictionary(message => message.Topic[(shadow.TopicPrefix.Length + 1)..], message => Encoding.UTF8.GetBytes(message.Body));
            Check("accepted", messages.GetValueOrDefault($"{step.Operation}/accepted"));
            Check("rejected", messages.GetValueOrDefault($"{step.Operation}/rejected"));
            Check("delta", messages.GetValueOrDefault("update/delta"));
            Check("documents", messages.GetValueOrDefault("update/documents"));

            void Check(string kind, byte[]? message)
            {
                if (kind is "accepted" or "rejected")
                    Assert.Equal(step.Expect.ContainsKey(kind), message is not null);
                if (!step.Expect.TryGetPropertyValue(kind, out var expected))
                    return;
                Assert.Equal(expected is null, message is null);
                if (expected is not null)
                    ShadowExpectation.Check(expected, message!, kind == "documents", !existed);
            }
        }
    }

    [Fact]
    public async Task Update_ByTopic_AnswersInOrderWithTheRequestsQoS()
    {
        await using var fixture = await ShadowFixture.StartAsync();

        fixture.Publish("$aws/things/lamp/shadow/name/cfg/update", """{"state":{"desired":{"a":1}},"clientToken":"t"}""", qos: QualityOfService.AtMostOnce);
        await fixture.SettleAsync();

        Assert.All(fixture.Bus.Messages, message => Assert.Equal(QualityOfService.AtMostOnce, message.QualityOfService));
        Assert.All(fixture.Bus.Messages, message => Assert.Equal("shadow", message.Origin.Source));
        var answers = fixture.Taken();
        Assert.Equal(["accepted", "delta", "documents"], answers.Select(answer => answer.Topic["$aws/things/lamp/shadow/name/cfg/update/".Length..]));
        Assert.All(answers, answer => Assert.Equal("t", JsonDocument.Parse(answer.Body).RootElement.GetProperty("clientToken").GetString()));
    }

    [Fact]
    public async Task Update_ExactlyOnceRequest_AnswersAtLeastOnce()
    {
        await using var fixture = await ShadowFixture.StartAsync();

        fixture.Publish($"{Prefix}/update", """{"state":{}}""", qos: QualityOfService.ExactlyOnce);
        await fixture.SettleAsync();

        Assert.All(fixture.Bus.Messages, message => Assert.Equal(QualityOfService.AtLeastOnce, message.QualityOfService));
    }

    [Fact]
    public async Task Update_Will_IsNotExecuted()
    {
        await using var fixture = await ShadowFixture.StartAsync();

        fixture.Publish($"{Prefix}/update", """{"state":{"reported":{"on":false}}}""", isWill: true);
        await fixture.SettleAsync();

        Assert.Empty(fixture.Taken());
        Assert.Null(fixture.Service.Find(Lamp));
    }

    [Theory]
    [InlineData("$aws/things/bad thing/shadow/get", "Invalid thing name")]
    [InlineData("$aws/things//shadow/get", "Invalid thing name")]
    [InlineData("$aws/things/lamp/shadow/name/a.b/get", "Invalid shadow name")]
    [InlineData("$aws/things/lamp/shadow/name//get", "Invalid shadow name")]
    public async Task Get_NamesNoShadowCanHave_AreRejected(string topic, string message)
    {
        await using var fixture = await ShadowFixture.StartAsync();

        fixture.Publish(topic, "");
        await fixture.SettleAsync();

        Assert.Contains(message, Assert.Single(fixture.Taken()).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_InProcess_NotifiesLikeAClient_AndKeepsRefusalsToItself()
    {
        await using var fixture = await ShadowFixture.StartAsync();

        await fixture.AcceptAsync(Lamp, """{"state":{"desired":{"on":true}}}""");
        Assert.Equal([$"{Prefix}/update/accepted", $"{Prefix}/update/delta", $"{Prefix}/update/documents"], fixture.Taken().Select(message => message.Topic));

        Assert.Equal(409, (await fixture.RefuseAsync(Lamp, """{"state":{},"version":7}""")).Code);
        Assert.IsType<ShadowAnswer.Accepted>(await fixture.Service.GetAsync(Lamp, default, default));
        Assert.Empty(fixture.Taken());

        Assert.IsType<ShadowAnswer.Accepted>(await fixture.Service.DeleteAsync(Lamp, default, MessageOrigin.Api, default));
        Assert.Equal([$"{Prefix}/delete/accepted"], fixture.Taken().Select(message => message.Topic));
    }

    [Fact]
    public async Task Update_WriterIsBusy_AnswersOnlyOnceOnDisk()
    {
        await using var fixture = await ShadowFixture.StartAsync();
        using var busy = new BusyWriter(fixture.Database);

        var ticket = Assert.Single(fixture.Publish($"{Prefix}/update", """{"state":{"reported":{"a":1}}}"""));
        var other = await fixture.Service.GetAsync(ShadowId.Classic("other"), default, default);   // another shadow does not wait
        var later = fixture.Service.GetAsync(Lamp, default, default);                              // the same one does

        Assert.IsType<ShadowAnswer.Rejected>(other);
        Assert.Empty(fixture.Taken());
        Assert.False(ticket.IsKept);
        Assert.False(later.IsCompleted);
        Assert.Null(fixture.Service.Find(Lamp));

        busy.Dispose();
        Assert.Equal(1, Assert.IsType<ShadowAnswer.Accepted>(await later).Document.Version);
        await fixture.SettleAsync();
        Assert.True(ticket.IsKept);
        Assert.Equal([$"{Prefix}/update/accepted", $"{Prefix}/update/documents"], fixture.Taken().Select(message => message.Topic));
    }

    [Fact]
    public async Task Update_ManyWhileTheWriterIsBusy_ShareFewCommits()
    {
        await using var fixture = await ShadowFixture.StartAsync();
        var busy = new BusyWriter(fixture.Database);
        var before = fixture.Database.Commits;

        var updates = Enumerable.Range(0, 1000).Select(number => fixture.AcceptAsync(ShadowId.Classic($"t{number % 100}"), """{"state":{"reported":{"a":1}}}""")).ToArray();
        busy.Dispose();
        await Task.WhenAll(updates);

        Assert.InRange(fixture.Database.Commits - before, 1, 50);
        Assert.All(Enumerable.Range(0, 100), number => Assert.Equal(10, fixture.Service.Find(ShadowId.Classic($"t{number}"))!.Version));
    }

    [Fact]
    public async Task Update_ElevenInFlightOfOneClient_TheLastIsTooMany()
    {
        await using var fixture = await ShadowFixture.StartAsync();
        var busy = new BusyWriter(fixture.Database);

        for (var number = 1; number <= 11; number++)
            fixture.Publish($"$aws/things/t{number}/shadow/update", $$"""{"state":{},"clientToken":"{{number}}"}""");
        fixture.Publish("$aws/things/t12/shadow/update", """{"state":{}}""", client: "another");
        busy.Dispose();
        await fixture.SettleAsync();

        var rejected = Assert.Single(fixture.Taken(), message => message.Topic.EndsWith("rejected", StringComparison.Ordinal));
        Assert.Equal("$aws/things/t11/shadow/update/rejected", rejected.Topic);
        Assert.Equal("""{"code":429,"message":"Too many requests","timestamp":1767225600,"clientToken":"11"}""", rejected.Body);
        Assert.NotNull(fixture.Service.Find(ShadowId.Classic("t12")));
        fixture.Publish("$aws/things/t11/shadow/update", """{"state":{}}""");
        await fixture.SettleAsync();
        Assert.NotNull(fixture.Service.Find(ShadowId.Classic("t11")));
    }

    [Fact]
    public async Task Update_QueueIsFull_IsRefusedAndThenDropped()
    {
        await using var fixture = await ShadowFixture.StartAsync(new() { MaxQueueBytes = 64 * 1024, MaxInFlight = 1000 });
        var busy = new BusyWriter(fixture.Database);
        var large = $$$$"""{"state":{"reported":{"a":"{{{{new string('x', 8000)}}}}"}}}""";

        for (var number = 0; number < 500; number++)
            fixture.Publish($"{Prefix}/update", large);
        busy.Dispose();
        await fixture.SettleAsync();

        var answers = fixture.Taken().GroupBy(message => message.Topic).ToDictionary(group => group.Key, group => group.Count());
        Assert.InRange(answers[$"{Prefix}/update/accepted"], 7, 20);
        Assert.InRange(answers[$"{Prefix}/update/rejected"], 100, 492);
        Assert.Equal(500, answers[$"{Prefix}/update/accepted"] + answers[$"{Prefix}/update/rejected"] + fixture.Intake.Dropped);
    }

    [Fact]
    public async Task Update_RateOverTheLimit_IsTooManyUntilTheNextSecond()
    {
        await using var fixture = await ShadowFixture.StartAsync(new() { MaxRequestsPerSecond = 2 });

        await fixture.AcceptAsync(Lamp, """{"state":{}}""");
        await fixture.AcceptAsync(new("lamp", "cfg"), """{"state":{}}""");
        Assert.Equal(429, (await fixture.RefuseAsync(Lamp, """{"state":{}}""")).Code);
        await fixture.AcceptAsync(ShadowId.Classic("other"), """{"state":{}}""");
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        await fixture.AcceptAsync(Lamp, """{"state":{}}""");
    }

    [Fact]
    public async Task Update_WriteFails_IsRefusedWithAllThatRestsOnIt_AndTheNextGoesOnFromTheDisk()
    {
        await using var fixture = await ShadowFixture.StartAsync();
        await fixture.AcceptAsync(Lamp, """{"state":{"reported":{"a":1}}}""");
        await fixture.Database.WriteAsync(static connection => Execute(connection, "CREATE TRIGGER broken BEFORE UPDATE ON shadow BEGIN SELECT RAISE(ABORT, 'broken'); END"));
        fixture.Taken();
        var busy = new BusyWriter(fixture.Database);

        var first = fixture.RefuseAsync(Lamp, """{"state":{"reported":{"a":2}}}""");
        var second = fixture.RefuseAsync(Lamp, """{"state":{"reported":{"b":2}},"version":2}""");
        var get = fixture.Service.GetAsync(Lamp, default, default);
        busy.Dispose();

        Assert.Equal(500, (await first).Code);
        Assert.Equal(500, (await second).Code);
        Assert.Equal(500, Assert.IsType<ShadowAnswer.Rejected>(await get).Error.Code);
        Assert.Empty(fixture.Taken());
        Assert.Equal(ComponentState.Degraded, new ShadowHealth(fixture.Engine).State);
        Assert.Equal("""{"reported":{"a":1}}""", Encoding.UTF8.GetString(fixture.Service.Find(Lamp)!.State.Span));

        await fixture.Database.WriteAsync(static connection => Execute(connection, "DROP TRIGGER broken"));
        Assert.Equal(2, (await fixture.AcceptAsync(Lamp, """{"state":{"reported":{"a":3}},"version":1}""")).Document.Version);
        Assert.Equal(ComponentState.Healthy, new ShadowHealth(fixture.Engine).State);
    }

    [Fact]
    public async Task Get_DamagedDocument_Is500AndOthersGoOn()
    {
        await using var fixture = await ShadowFixture.StartAsync();
        await fixture.AcceptAsync(Lamp, """{"state":{"reported":{"a":1,"b":2}}}""");
        await fixture.Database.WriteAsync(static connection => Execute(connection, "UPDATE shadow SET times = x'01'"));
        await fixture.RestartAsync();

        Assert.Equal(500, Assert.IsType<ShadowAnswer.Rejected>(await fixture.Service.GetAsync(Lamp, default, default)).Error.Code);
        await fixture.AcceptAsync(ShadowId.Classic("other"), """{"state":{}}""");
    }

    [Fact]
    public async Task Restart_ShadowsVersionsAndTombstonesStay()
    {
        await using var fixture = await ShadowFixture.StartAsync();
        await fixture.AcceptAsync(Lamp, """{"state":{"desired":{"a":1}}}""");
        await fixture.AcceptAsync(Lamp, """{"state":{"reported":{"a":2}}}""");
        await fixture.AcceptAsync(new("lamp", "cfg"), """{"state":{}}""");
        await fixture.Service.DeleteAsync(new("lamp", "cfg"), default, MessageOrigin.Api, default);
        var before = Assert.IsType<ShadowAnswer.Accepted>(await fixture.Service.GetAsync(Lamp, default, default)).Body;

        await fixture.RestartAsync();

        Assert.Equal(before.ToArray(), Assert.IsType<ShadowAnswer.Accepted>(await fixture.Service.GetAsync(Lamp, default, default)).Body.ToArray());
        Assert.Null(fixture.Service.Find(new("lamp", "cfg")));
        Assert.Equal(3, (await fixture.AcceptAsync(new("lamp", "cfg"), """{"state":{}}""")).Document.Version);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Recreate_AfterTheRetention_StartsOver(bool restart)
    {
        await using var fixture = await ShadowFixture.StartAsync(new() { TombstoneRetention = TimeSpan.FromHours(48) });
        await fixture.AcceptAsync(Lamp, """{"state":{}}""");
        await fixture.Service.DeleteAsync(Lamp, default, MessageOrigin.Api, default);
        fixture.Time.Advance(TimeSpan.FromHours(49));
        if (restart)
            await fixture.RestartAsync();

        Assert.Equal(1, (await fixture.AcceptAsync(Lamp, """{"state":{}}""")).Document.Version);
        Assert.Equal(2, (await fixture.AcceptAsync(Lamp, """{"state":{}}""")).Document.Version);
    }

    [Fact]
    public async Task Update_MoreShadowsThanTheCacheHolds_LosesNone()
    {
        await using var fixture = await ShadowFixture.StartAsync(new() { CacheBytes = 64 * 1024 });

        for (var round = 1; round <= 3; round++)
            await Task.WhenAll(Enumerable.Range(0, 600).Select(number => fixture.AcceptAsync(ShadowId.Classic($"t{number}"), $$$$"""{"state":{"reported":{"k{{{{round}}}}":1}}}""")));

        Assert.All(Enumerable.Range(0, 600), number =>
            Assert.Equal("""{"reported":{"k1":1,"k2":1,"k3":1}}""", Encoding.UTF8.GetString(fixture.Service.Find(ShadowId.Classic($"t{number}"))!.State.Span)));
    }

    [Fact]
    public async Task Update_RacersWithVersions_ExactlyOneWinsEach()
    {
        await using var fixture = await ShadowFixture.StartAsync();

        async Task<List<long>> Race(int racer)
        {
            var won = new List<long>();
            for (var turn = 0; turn < 50; turn++)
            {
                var seen = fixture.Service.Find(Lamp)?.Version ?? 0;
                var request = ShadowRequests.Update(reported: Encoding.UTF8.GetBytes($$"""{"by":{{racer}}}"""), version: seen);
                if (await fixture.Service.UpdateAsync(Lamp, request, MessageOrigin.Api, default) is ShadowAnswer.Accepted accepted)
                    won.Add(accepted.Document.Version);
            }
            return won;
        }

        var won = (await Task.WhenAll(Enumerable.Range(0, 4).Select(Race))).SelectMany(versions => versions).ToList();

        Assert.Equal(won.Count, won.Distinct().Count());
        Assert.Equal(won.Count, fixture.Service.Find(Lamp)!.Version);
    }

    [Fact]
    public async Task NamesOf_NamedOnesInOrderAndInPages()
    {
        await using var fixture = await ShadowFixture.StartAsync();
        await fixture.AcceptAsync(Lamp, """{"state":{}}""");
        foreach (var name in (string[])["b", "a", "Z", "gone", "c"])
            await fixture.AcceptAsync(new("lamp", name), """{"state":{}}""");
        await fixture.Service.DeleteAsync(new("lamp", "gone"), default, MessageOrigin.Api, default);

        Assert.Equal(["Z", "a"], fixture.Service.NamesOf("lamp", "", 2));
        Assert.Equal(["b", "c"], fixture.Service.NamesOf("lamp", "a", 2));
        Assert.Empty(fixture.Service.NamesOf("nobody", "", 25));
    }

    [Fact]
    public async Task Update_MoreNamedShadowsThanAllowed_IsRefusedUntilOneIsDeleted()
    {
        await using var fixture = await ShadowFixture.StartAsync(new() { MaxNamedPerThing = 2 });
        await fixture.AcceptAsync(new("lamp", "a"), """{"state":{}}""");
        await fixture.RestartAsync();
        await fixture.AcceptAsync(new("lamp", "b"), """{"state":{}}""");

        Assert.Equal(400, (await fixture.RefuseAsync(new("lamp", "c"), """{"state":{}}""")).Code);
        await fixture.AcceptAsync(Lamp, """{"state":{}}""");
        await fixture.Service.DeleteAsync(new("lamp", "a"), default, MessageOrigin.Api, default);
        await fixture.AcceptAsync(new("lamp", "c"), """{"state":{}}""");
    }

    [Fact]
    public async Task Feed_TellsEachChangeInOrder_AndWhatChangedSince()
    {
        await using var fixture = await ShadowFixture.StartAsync();
        var told = new List<ShadowChange>();
        fixture.Service.Changed += told.Add;

        await fixture.AcceptAsync(Lamp, """{"state":{"desired":{"a":1}}}""");
        await fixture.AcceptAsync(ShadowId.Classic("other"), """{"state":{}}""");
        await fixture.AcceptAsync(Lamp, """{"state":{"desired":{"a":2}}}""");
        await fixture.Service.DeleteAsync(ShadowId.Classic("other"), default, new("upstream:plant"), default);

        Assert.Equal([(1, "lamp", 1), (2, "other", 1), (3, "lamp", 2), (4, "other", 2)], told.Select(change => (change.Sequence, change.Shadow.Thing, change.Current.Version)));
        Assert.Equal("upstream:plant", told[3].Origin.Source);
        Assert.Equal(1, told[2].Previous.Version);
        await fixture.RestartAsync();
        Assert.Equal([(3, true), (4, false)], fixture.Service.Since(0, 10).Select(stored => (stored.Sequence, stored.Document.Exists)));
        Assert.Equal(4, Assert.Single(fixture.Service.Since(3, 10)).Sequence);
        await fixture.AcceptAsync(Lamp, """{"state":{}}""");
        Assert.Equal(5, Assert.Single(fixture.Service.Since(4, 10)).Sequence);
    }

    [Fact]
    public async Task History_KeepsTheLastDocumentsOfWhomItWasAskedFor()
    {
        await using var fixture = await ShadowFixture.StartAsync();
        await fixture.AcceptAsync(Lamp, """{"state":{"desired":{"a":1}}}""");
        await fixture.History.KeepAsync(Lamp, 3, default);
        for (var value = 2; value <= 5; value++)
            await fixture.AcceptAsync(Lamp, $$$$"""{"state":{"desired":{"a":{{{{value}}}}}}}""");
        await fixture.AcceptAsync(ShadowId.Classic("other"), """{"state":{}}""");
        await fixture.RestartAsync();

        Assert.Equal([5, 4, 3], fixture.History.Read(Lamp, 10).Select(document => document.Version));
        Assert.Equal("""{"desired":{"a":4}}""", Encoding.UTF8.GetString(fixture.History.Read(Lamp, 10)[1].State.Span));
        Assert.Empty(fixture.History.Read(ShadowId.Classic("other"), 10));
        Assert.Equal(3, fixture.History.EntriesOf(Lamp));
        await fixture.History.KeepAsync(Lamp, 1, default);
        Assert.Equal([5], fixture.History.Read(Lamp, 10).Select(document => document.Version));
        await fixture.History.KeepAsync(Lamp, 0, default);
        Assert.Empty(fixture.History.Read(Lamp, 10));
    }

    [Fact]
    public async Task Stop_AnswersWhatCameIn_AndRefusesWhatComesLater()
    {
        await using var fixture = await ShadowFixture.StartAsync();
        var busy = new BusyWriter(fixture.Database);
        var update = fixture.Service.UpdateAsync(Lamp, """{"state":{}}"""u8.ToArray(), MessageOrigin.Api, default);

        var stopping = fixture.Service.StopAsync(default);
        Assert.Equal(500, (await fixture.RefuseAsync(Lamp, """{"state":{}}""")).Code);
        busy.Dispose();
        await stopping;

        Assert.IsType<ShadowAnswer.Accepted>(await update);
    }

    [Fact]
    public async Task Announce_BrokerIsSlow_ShadowsGoOn()
    {
        await using var fixture = await ShadowFixture.StartAsync();
        var slow = new TaskCompletionSource<PublishOutcome>();
        fixture.Bus.Outcome = _ => new(slow.Task);

        await fixture.AcceptAsync(Lamp, """{"state":{}}""");
        await fixture.AcceptAsync(Lamp, """{"state":{}}""");
        slow.SetException(new IOException("the disk of a receiver's queue"));
        fixture.Bus.Outcome = static _ => new(PublishOutcome.Delivered);
        await fixture.AcceptAsync(Lamp, """{"state":{}}""");

        Assert.Equal(3, fixture.Service.Find(Lamp)!.Version);
    }

    private static void Execute(Microsoft.Data.Sqlite.SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

using System.Net;
using EdgeGateway.Pages.Gateway;
using EdgeGateway.Pages.Live;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Console.Tests.Gateway;

public sealed class GatewayMonitorTests
{
    private static readonly CancellationToken Never = CancellationToken.None;
    private readonly ScriptedGateway _gateway = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task Refresh_Answered_KnowsEverything()
    {
        _gateway.Answer("GET wired", """[{"name":"tank","driver":"ds18b20","kind":"sensor","bus":"w1","address":"28-03","pin":null,"state":"ok","error":null,"lastReadingAt":"2026-06-01T11:59:59Z","values":{"temperature":17.5},"units":{"temperature":"°C"},"settable":false}]""");
        var history = new ReadingHistory(_time);
        await using var monitor = new GatewayMonitor(_gateway.Client(), history, _time);
        await monitor.RefreshAsync(Never);
        Assert.Equal(Reachability.Reachable, monitor.Reachability);
        Assert.Equal("pi", monitor.Status!.Name);
        Assert.Equal(17.5, history.Latest("tank", "temperature"));
        Assert.Empty(monitor.Rules!);
    }

    [Fact]
    public async Task Refresh_Unanswered_KeepsWhatWasKnownAndSince()
    {
        await using var monitor = Monitor();
        await monitor.RefreshAsync(Never);
        var last = _time.GetUtcNow();
        _gateway.IsAway = true;
        _time.Advance(TimeSpan.FromSeconds(8));
        await monitor.RefreshAsync(Never);
        Assert.Equal(Reachability.Unreachable, monitor.Reachability);
        Assert.Equal(last, monitor.LastAnswer);
        Assert.Equal("pi", monitor.Status!.Name);
    }

    [Fact]
    public async Task Refresh_NobodySignedIn_AsksToSignIn()
    {
        _gateway.Answer("GET status", """{"title":"Sign in","detail":"Sign in to use the console.","status":401}""", HttpStatusCode.Unauthorized);
        await using var monitor = Monitor();
        await monitor.RefreshAsync(Never);
        Assert.True(monitor.NeedsSignIn);
        Assert.Null(monitor.Refusal);
    }

    [Fact]
    public async Task Refresh_Refused_ShowsTheGatewaysWords()
    {
        _gateway.Answer("GET status", """{"title":"Not allowed","detail":"'anna' may not do this.","status":403}""", HttpStatusCode.Forbidden);
        await using var monitor = Monitor();
        await monitor.RefreshAsync(Never);
        Assert.Equal("'anna' may not do this.", monitor.Refusal);
        Assert.Equal(Reachability.Reachable, monitor.Reachability);
    }

    [Fact]
    public async Task Refresh_OnePartRefuses_TheOthersAreStillRead()
    {
        _gateway.Answer("GET clients", """{"detail":"not now"}""", HttpStatusCode.ServiceUnavailable);
        await using var monitor = Monitor();
        await monitor.RefreshAsync(Never);
        Assert.Equal("not now", monitor.Refusal);
        Assert.NotNull(monitor.Rules);
        Assert.Null(monitor.Clients);
    }

    [Fact]
    public async Task MessagesInPerSecond_TwoAnswers_IsTheDifference()
    {
        await using var monitor = Monitor();
        await monitor.RefreshAsync(Never);
        Assert.Null(monitor.MessagesInPerSecond);
        _time.Advance(TimeSpan.FromSeconds(2));
        _gateway.Answer("GET status", ScriptedGateway.HealthyStatus.Replace("100", "130", StringComparison.Ordinal));
        await monitor.RefreshAsync(Never);
        Assert.Equal(15, monitor.MessagesInPerSecond);
    }

    [Fact]
    public async Task MessagesInPerSecond_AfterARestart_IsNotNegative()
    {
        await using var monitor = Monitor();
        await monitor.RefreshAsync(Never);
        _time.Advance(TimeSpan.FromSeconds(2));
        _gateway.Answer("GET status", ScriptedGateway.HealthyStatus.Replace("T11:00", "T12:00", StringComparison.Ordinal).Replace("100", "3", StringComparison.Ordinal));
        await monitor.RefreshAsync(Never);
        Assert.Null(monitor.MessagesInPerSecond);
    }

    [Fact]
    public async Task Start_GoesOn_AsksAgainAtItsInterval()
    {
        await using var monitor = Monitor();
        var rounds = 0;
        var second = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        monitor.Changed += () =>
        {
            if (++rounds == 2)
                second.TrySetResult();
        };
        monitor.Start();
        _time.Advance(GatewayMonitor.Interval);
        await second.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(2, _gateway.Asked.Count(call => call == "GET status"));
    }

    private GatewayMonitor Monitor() => new(_gateway.Client(), new ReadingHistory(_time), _time);
}

using EdgeGateway.Registry;

namespace EdgeGateway.Jobs;

/// <summary>Does what is due when it is, and follows who joins and leaves groups.</summary>
internal sealed partial class JobClock(JobService jobs, IRegistryFeed feed, TimeProvider time, ILogger<JobClock> logger) : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10), RetryAfter = TimeSpan.FromSeconds(5); // the wall clock may be set meanwhile
    private readonly SemaphoreSlim _changed = new(0, 1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        jobs.Changed += OnChanged;
        await using var following = await feed.FollowAsync("jobs", FollowAsync, stoppingToken);
        while (true)
        {
            var wait = RetryAfter;
            try
            {
                wait = await jobs.TickAsync(stoppingToken) is { } due ? TimeSpan.FromMilliseconds(due) - TimeSpan.FromMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()) : LongestWait;
            }
#pragma warning disable CA1031 // Whatever failed is due again: a full disk passes.
            catch (Exception ex) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                LogFailed(ex, RetryAfter.TotalSeconds);
            }
            await WaitAsync(wait < TimeSpan.Zero ? TimeSpan.Zero : wait < LongestWait ? wait : LongestWait, stoppingToken);
        }
    }

    public override void Dispose()
    {
        jobs.Changed -= OnChanged;
        _changed.Dispose();
        base.Dispose();
    }

    private async Task WaitAsync(TimeSpan wait, CancellationToken stoppingToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await using var timer = time.CreateTimer(_ => OnChanged(), null, wait, Timeout.InfiniteTimeSpan);
        await _changed.WaitAsync(stoppingToken);
    }

    private void OnChanged()
    {
        try
        {
            _changed.Release();
        }
        catch (SemaphoreFullException)
        {
            // It will look anyway.
        }
    }

    private async ValueTask FollowAsync(RegistryChange change, CancellationToken cancellationToken)
    {
        switch (change.Kind)
        {
            case RegistryChangeKind.MembershipAdded:
                await jobs.JoinedAsync(change.Name, change.Other!, cancellationToken);
                break;
            case RegistryChangeKind.MembershipRemoved:
                await jobs.LeftAsync(change.Name, cancellationToken);
                break;
            case RegistryChangeKind.ThingDeleted:
                await jobs.GoneAsync(change.Name, cancellationToken);
                break;
        }
    }

    [LoggerMessage(10101, LogLevel.Error, "What is due of jobs could not be done; it is tried again in {Seconds} s")]
    private partial void LogFailed(Exception exception, double seconds);
}

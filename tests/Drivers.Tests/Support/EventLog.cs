using EdgeGateway.Drivers;

namespace Drivers.Tests.Support;

/// <summary>Reads an input's events until disposed.</summary>
internal sealed class EventLog : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<InputEvent> _seen = [];
    private readonly SemaphoreSlim _arrived = new(0);

    public EventLog(IDevice input) => Reading = ReadAsync((IEventInput)input);

    public Task Reading { get; }

    /// <summary>Waits for so many events and gives all there are.</summary>
    public async Task<IReadOnlyList<InputEvent>> AtLeastAsync(int count)
    {
        for (var i = 0; i < count; i++)
            Assert.True(await _arrived.WaitAsync(TimeSpan.FromSeconds(30)), $"{i} events instead of {count}");
        lock (_seen)
            return [.. _seen];
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await Reading;
        }
        catch (Exception ex) when (ex is OperationCanceledException or SensorReadException)
        {
            // the end of reading; a test that expects the failure has seen it
        }

        _stop.Dispose();
        _arrived.Dispose();
    }

    private async Task ReadAsync(IEventInput input)
    {
        await foreach (var happened in input.ReadEventsAsync(_stop.Token))
        {
            lock (_seen)
                _seen.Add(happened);
            _arrived.Release();
        }
    }
}

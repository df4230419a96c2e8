using EdgeGateway.Drivers;

namespace EdgeGateway.Tests.Devices;

/// <summary>A sensor that does what it is told at each reading.</summary>
internal sealed class ScriptedSensor(DriverContext context, Func<CancellationToken, ValueTask<double>> read) : ISensor
{
    private int _disposed;

    public bool IsDisposed => _disposed != 0;

    public async ValueTask<Reading> ReadAsync(CancellationToken cancellationToken) =>
        new([new("temperature", await read(cancellationToken), Unit.Celsius)], context.Time.GetUtcNow(), context.Time.GetTimestamp());

    public ValueTask DisposeAsync()
    {
        Interlocked.Exchange(ref _disposed, 1);
        return ValueTask.CompletedTask;
    }
}

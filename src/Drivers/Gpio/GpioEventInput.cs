namespace EdgeGateway.Drivers;

/// <summary>An input line whose changes are events.</summary>
public abstract class GpioEventInput : GpioLineInput, IEventInput
{
    private readonly EventQueue _events;

    protected GpioEventInput(DriverContext context)
        : base(context) => _events = new EventQueue(Device);

    public IAsyncEnumerable<InputEvent> ReadEventsAsync(CancellationToken cancellationToken) => _events.ReadAsync(Open, cancellationToken);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync().ConfigureAwait(false);
        _events.Complete();
        GC.SuppressFinalize(this);
    }

    protected override void OnLost(long count) => _events.Lose(count);

    protected override bool OnFailed(SensorReadException failure) => _events.Fail(failure);

    protected void Raise(string name, DateTimeOffset time, long timestamp, long count, double value = 0) =>
        _events.Raise(name, time, timestamp, count, value);
}

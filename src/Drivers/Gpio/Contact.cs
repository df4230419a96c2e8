namespace EdgeGateway.Drivers;

/// <summary>A line with two named states, each with an event: a switch, a reed contact, anything digital.</summary>
internal abstract class Contact(DriverContext context, string whenActive, string whenInactive) : GpioEventInput(context)
{
    private long _actives, _inactives;

    protected long Changes => Interlocked.Read(ref _actives) + Interlocked.Read(ref _inactives);

    protected override void OnChange(bool isActive, GpioEdge edge)
    {
        if (isActive)
            Raise(whenActive, edge.Time, edge.Timestamp, Interlocked.Increment(ref _actives));
        else
            Raise(whenInactive, edge.Time, edge.Timestamp, Interlocked.Increment(ref _inactives));
    }

    protected override Reading Measure(bool isActive)
    {
        var readings = Context.Driver.Readings;
        return new(
            [
                new(readings[0].Name, isActive ? 1 : 0, readings[0].Unit),
                new(readings[1].Name, Changes, readings[1].Unit),
            ],
            Time.GetUtcNow(),
            Time.GetTimestamp());
    }
}

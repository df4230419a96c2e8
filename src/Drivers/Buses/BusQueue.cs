namespace EdgeGateway.Drivers;

/// <summary>One at a time on a bus, first come first served, nobody for ever.</summary>
internal sealed class BusQueue(string bus, TimeProvider time) : IDisposable
{
    // Guards the wires: held for one transfer, never while a driver waits for its chip.
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile Holder? _holder;

    public ValueTask EnterAsync(Holder holder, TimeSpan deadline, CancellationToken cancellationToken)
    {
        if (!_turn.Wait(0, cancellationToken))
            return WaitAsync(holder, deadline, cancellationToken);
        _holder = holder;
        holder.Since = time.GetTimestamp();
        return ValueTask.CompletedTask;
    }

    /// <summary>For a nested bus, whose transfers are synchronous.</summary>
    public void Enter(Holder holder, TimeSpan deadline)
    {
        if (!_turn.Wait(deadline))
            throw Held(holder);
        _holder = holder;
        holder.Since = time.GetTimestamp();
    }

    public void Exit()
    {
        _holder = null;
        _turn.Release();
    }

    public void Dispose() => _turn.Dispose();

    private async ValueTask WaitAsync(Holder holder, TimeSpan deadline, CancellationToken cancellationToken)
    {
        using var expiry = new CancellationTokenSource(deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancellationToken);
        try
        {
            await _turn.WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Held(holder);
        }

        _holder = holder;
        holder.Since = time.GetTimestamp();
    }

    private DriverException Held(Holder waiting)
    {
        var other = _holder;
        var came = other is null
            ? "the bus was not free in time"
            : $"{other.Name.Chip} at {other.Name.Address} has held the bus for {time.GetElapsedTime(other.Since).TotalMilliseconds:F0} ms";
        return new DriverException(DriverFault.BusBusy, waiting.Name, came, $"whether a chip on {bus} holds SCL or SDA low; take its power away");
    }

    /// <summary>Who is on the bus; one object a chip, so that taking a turn allocates nothing.</summary>
    internal sealed class Holder(DeviceName name)
    {
        public DeviceName Name { get; } = name;

        public long Since { get; set; }
    }
}

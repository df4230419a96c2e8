namespace EdgeGateway.Drivers;

/// <summary>A serial port noted in a lease.</summary>
internal sealed class LeasedUartPort(IUartPort inner, DeviceLease lease) : IUartPort
{
    public string Name => inner.Name;

    public ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken) => inner.ReadAsync(buffer, cancellationToken);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => inner.WriteAsync(bytes, cancellationToken);

    public void DiscardInput() => inner.DiscardInput();

    public void Dispose()
    {
        lease.Remove(this);
        inner.Dispose();
    }
}

namespace EdgeGateway.Drivers;

/// <summary>A serial line in raw mode. Bytes come in pieces of any size.</summary>
public interface IUartPort : IDisposable
{
    string Name { get; }

    /// <summary>Waits for at least one byte.</summary>
    /// <returns>Bytes read; 0 when the line has hung up (a USB adapter was pulled).</returns>
    ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Throws away what has come and was not read.</summary>
    void DiscardInput();
}

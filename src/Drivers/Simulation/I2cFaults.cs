namespace EdgeGateway.Drivers.Simulation;

/// <summary>Faults a simulated I²C chip shows. Each call adds one for the next <c>times</c> transfers it applies to.</summary>
public sealed class I2cFaults
{
    private readonly Lock _lock = new(); // guards the counters
    private (int Errno, int Times, int After) _errno;
    private (int Index, byte Mask, int Times) _flip;
    private (byte Value, int Times) _stuck;
    private Random? _noise;

    /// <summary>Lasts until <see cref="Clear"/>.</summary>
    public const int ForEver = int.MaxValue;

    /// <summary>Transfers fail with this errno (<see cref="I2cErrno"/>).</summary>
    /// <param name="after">Transfers that still go well before.</param>
    public void Fail(int errno, int times = 1, int after = 0)
    {
        lock (_lock)
            _errno = (errno, times, after);
    }

    /// <summary>Reads longer than <paramref name="byteIndex"/> come with one bit turned over.</summary>
    public void FlipBit(int byteIndex, int bit, int times = 1)
    {
        lock (_lock)
            _flip = (byteIndex, (byte)(1 << bit), times);
    }

    /// <summary>Reads give this byte only: 0x00 for a line held low, 0xFF for one that floats.</summary>
    public void StickAt(byte value, int times = 1)
    {
        lock (_lock)
            _stuck = (value, times);
    }

    /// <summary>Every read gives random bytes until <see cref="Clear"/>.</summary>
    /// <param name="seed">The same seed gives the same bytes.</param>
    public void Scramble(int seed)
    {
        lock (_lock)
            _noise = new Random(seed);
    }

    public void Clear()
    {
        lock (_lock)
            (_errno, _flip, _stuck, _noise) = (default, default, default, null);
    }

    internal void BeforeTransfer()
    {
        lock (_lock)
        {
            if (_errno.Times == 0)
                return;
            if (_errno.After > 0)
            {
                _errno.After--;
                return;
            }

            if (_errno.Times != ForEver)
                _errno.Times--;
            throw new I2cTransferException(_errno.Errno);
        }
    }

    internal void AfterRead(Span<byte> read)
    {
        if (read.IsEmpty)
            return;
        lock (_lock)
        {
            _noise?.NextBytes(read);
            if (_stuck.Times > 0)
            {
                if (_stuck.Times != ForEver)
                    _stuck.Times--;
                read.Fill(_stuck.Value);
            }

            if (_flip.Times > 0 && _flip.Index < read.Length)
            {
                if (_flip.Times != ForEver)
                    _flip.Times--;
                read[_flip.Index] ^= _flip.Mask;
            }
        }
    }
}

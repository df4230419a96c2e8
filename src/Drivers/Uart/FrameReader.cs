using System.Runtime.CompilerServices;

namespace EdgeGateway.Drivers;

/// <summary>Looks for frames in a serial line's bytes, which come in pieces of any size with garbage between them.</summary>
internal sealed class FrameReader(IUartPort port, DeviceName device, TimeProvider time)
{
    private const int Shown = 16;

    private readonly byte[] _buffer = new byte[1024];
    private readonly byte[] _garbage = new byte[Shown]; // what stood before frames in the present reading
    private CancellationTokenSource _expiry = new(Timeout.InfiniteTimeSpan, time);
    private int _count, _given, _garbageCount;

    public delegate FrameSearch Search(ReadOnlySpan<byte> bytes);

    /// <summary>Throws away all that has come.</summary>
    public void Discard()
    {
        port.DiscardInput();
        (_count, _given) = (0, 0);
    }

    /// <param name="check">What to check where nothing comes at all.</param>
    /// <returns>The frame; it holds until the next call.</returns>
    /// <exception cref="DriverException">Silence, garbage, wrong checksums, or the line has hung up.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(Search search, TimeSpan deadline, string check, CancellationToken cancellationToken)
    {
        if (_expiry.IsCancellationRequested)
            _expiry = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        var expiry = _expiry;
        using var either = cancellationToken.UnsafeRegister(static source => ((CancellationTokenSource)source!).Cancel(), expiry);
        expiry.CancelAfter(deadline);
        Drop(_given);
        (_given, _garbageCount) = (0, 0);
        var (seen, hasBadChecksum) = (_count, false);
        while (true)
        {
            var found = search(_buffer.AsSpan(0, _count));
            hasBadChecksum |= found.HasBadChecksum;
            Note(found.Skip);
            Drop(found.Skip);
            if (found.Length > 0)
            {
                expiry.CancelAfter(Timeout.InfiniteTimeSpan);
                _given = found.Length;
                return _buffer.AsMemory(0, found.Length);
            }
            try
            {
                seen += await FillAsync(expiry.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                Note(_count);
                throw Nothing(deadline, seen, hasBadChecksum, check);
            }
        }
    }

    private void Note(int count)
    {
        count = Math.Min(count, Shown - _garbageCount);
        _buffer.AsSpan(0, count).CopyTo(_garbage.AsSpan(_garbageCount));
        _garbageCount += count;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> FillAsync(CancellationToken cancellationToken)
    {
        if (_count == _buffer.Length)
            Drop(1); // no frame is as long: what stands first is none
        int read;
        try
        {
            cancellationToken.ThrowIfCancellationRequested();
            read = await port.ReadAsync(_buffer.AsMemory(_count), cancellationToken).ConfigureAwait(false);
        }
        catch (IOException ex)
        {
            throw HungUp(ex);
        }

        if (read == 0)
            throw HungUp(null);
        _count += read;
        return read;
    }

    private void Drop(int count)
    {
        _buffer.AsSpan(count, _count - count).CopyTo(_buffer);
        _count -= count;
    }

    private DriverException HungUp(Exception? inner) =>
        new(DriverFault.Absent, device, "the line has hung up", "the USB adapter and its cable", inner);

    private DriverException Nothing(TimeSpan deadline, int seen, bool hasBadChecksum, string check)
    {
        var shown = Convert.ToHexString(_garbage.AsSpan(0, _garbageCount));
        if (seen == 0)
            return new(DriverFault.Absent, device, $"not one byte in {deadline.TotalSeconds:0.##} s", check);
        return hasBadChecksum
            ? new(DriverFault.Checksum, device, $"frames with a wrong checksum ({shown}…)", "the wires and their length, ground between the two, and the supply")
            : new(DriverFault.Garbage, device, $"{seen} bytes and no frame among them ({shown}…)", "the baud rate, what is wired at this port, and that the serial console is off");
    }
}

using System.Buffers.Binary;

namespace EdgeGateway.Drivers.Simulation;

/// <summary>
/// A chip that takes a command, needs time, and then gives an answer to a plain read: Sensirion, ASAIR, TE.
/// It acknowledges neither an early read nor a repeated start.
/// </summary>
public abstract class SimulatedCommandChip(TimeProvider time) : SimulatedI2cChip(time)
{
    private byte[]? _answer;
    private long _readyAt;
    private int _wrongChecksums;

    /// <summary>The next answers carry a wrong checksum in their last word.</summary>
    public void SpoilChecksum(int times = 1)
    {
        lock (Gate)
            _wrongChecksums = times;
    }

    /// <summary>True for commands that a chip at work still takes, such as an abort.</summary>
    protected virtual bool TakesWhileBusy(ReadOnlySpan<byte> command) => false;

    /// <summary>Acts on a command.</summary>
    /// <returns>What a later read gives and the time until then; null for a command the chip does not know, which it does not acknowledge.</returns>
    protected abstract CommandAnswer? Respond(ReadOnlySpan<byte> command);

    protected override void PowerOn() => (_answer, _readyAt) = (null, 0);

    protected override void OnWrite(ReadOnlySpan<byte> bytes)
    {
        if (Time.GetTimestamp() < _readyAt && !TakesWhileBusy(bytes))
            Nack();
        if (Respond(bytes) is not { } answer)
        {
            Nack();
            return;
        }

        _answer = answer.Bytes;
        _readyAt = Time.GetTimestamp() + (long)(answer.ReadyAfter.TotalSeconds * Time.TimestampFrequency);
    }

    protected override void OnRead(Span<byte> bytes)
    {
        if (Time.GetTimestamp() < _readyAt || _answer is null || _answer.Length == 0)
            Nack();
        bytes.Fill(0xFF); // past its end nobody drives the line
        var length = Math.Min(_answer!.Length, bytes.Length);
        _answer.AsSpan(0, length).CopyTo(bytes);
        if (_wrongChecksums > 0)
        {
            _wrongChecksums--;
            bytes[length - 1] ^= 0x55;
        }

        if (!KeepsAnswer)
            _answer = null;
    }

    /// <summary>True where the same answer can be read again.</summary>
    protected virtual bool KeepsAnswer => false;

    protected override void OnWriteRead(int address, ReadOnlySpan<byte> write, Span<byte> read) => Nack();

    /// <summary>Words with Sensirion's checksum after each.</summary>
    protected static byte[] WithChecksums(params ReadOnlySpan<ushort> words)
    {
        var bytes = new byte[words.Length * 3];
        for (var i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(i * 3), words[i]);
            bytes[(i * 3) + 2] = Crc8.Sensirion(bytes.AsSpan(i * 3, 2));
        }

        return bytes;
    }
}

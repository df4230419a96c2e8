namespace EdgeGateway.Storage.Log;

/// <summary>One open file of a log. Every call may throw <see cref="IOException"/>; no room is <see cref="LogFullException"/>.</summary>
public interface ILogFile : IDisposable
{
    long Length { get; }

    /// <summary>Reads until the buffer is full or the file ends.</summary>
    /// <returns>Bytes read.</returns>
    int Read(Span<byte> buffer, long offset);

    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Reserves room, so that writing below <paramref name="length"/> cannot run out of it; new bytes read as zero.</summary>
    void Allocate(long length);

    /// <summary>Returns when what was written survives a power cut (fdatasync).</summary>
    void Sync();
}

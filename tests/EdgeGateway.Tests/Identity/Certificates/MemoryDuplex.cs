using System.IO.Pipelines;

namespace EdgeGateway.Tests.Identity.Certificates;

/// <summary>Two ends of a connection that is nowhere but in memory.</summary>
internal sealed class MemoryDuplex(Stream reads, Stream writes) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public static (Stream, Stream) Pair()
    {
        var (there, back) = (new Pipe(), new Pipe());
        return (new MemoryDuplex(there.Reader.AsStream(), back.Writer.AsStream()), new MemoryDuplex(back.Reader.AsStream(), there.Writer.AsStream()));
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => reads.ReadAsync(buffer, cancellationToken);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await writes.WriteAsync(buffer, cancellationToken);
        await writes.FlushAsync(cancellationToken);
    }

    public override void Flush() => writes.Flush();

    public override int Read(byte[] buffer, int offset, int count) => reads.Read(buffer, offset, count);

    public override void Write(byte[] buffer, int offset, int count) => writes.Write(buffer, offset, count);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            reads.Dispose();
            writes.Dispose();
        }
        base.Dispose(disposing);
    }
}

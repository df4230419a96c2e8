using System.Net.WebSockets;
using System.Threading.Channels;
using EdgeGateway.Pages.Mqtt;

namespace Console.Tests.Mqtt;

/// <summary>The other side of <see cref="IMqttDialer"/>: what the page sends is read here frame by frame, what it receives is written here.</summary>
internal sealed class ScriptedBroker : IMqttDialer
{
    public static readonly byte[] Accepted = [0x20, 2, 0, 0];
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);
    private readonly Channel<byte[]> _fromPage = Channel.CreateUnbounded<byte[]>();
    private Channel<byte[]> _toPage = Channel.CreateUnbounded<byte[]>();

    public int Dials { get; private set; }

    public bool IsAway { get; set; }

    public Task<IMqttChannel> DialAsync(CancellationToken cancellationToken)
    {
        Dials++;
        if (IsAway)
            throw new WebSocketException("no answer");
        _toPage = Channel.CreateUnbounded<byte[]>();
        return Task.FromResult<IMqttChannel>(new Stream(_fromPage.Writer, _toPage.Reader));
    }

    public async Task<byte[]> ReceiveAsync() => await _fromPage.Reader.ReadAsync().AsTask().WaitAsync(Generous);

    public void Send(byte[] bytes) => _toPage.Writer.TryWrite(bytes);

    public void Close() => _toPage.Writer.Complete();

    private sealed class Stream(ChannelWriter<byte[]> sent, ChannelReader<byte[]> received) : IMqttChannel
    {
        public async Task SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => await sent.WriteAsync(bytes.ToArray(), cancellationToken);

        public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            if (!await received.WaitToReadAsync(cancellationToken) || !received.TryRead(out var bytes))
                return 0;
            bytes.CopyTo(buffer);
            return bytes.Length;
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

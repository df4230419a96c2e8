using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EdgeGateway.IntegrationTests.Rules;

/// <summary>A mail server on a loopback port (RFC 5321) that keeps what it takes and answers DATA as it is told.</summary>
internal sealed class MailCatcher : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    public MailCatcher()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What it answers to the next messages, one each; then it takes them.</summary>
    public ConcurrentQueue<string> Refusals { get; } = new();

    /// <summary>Recipients and whole messages.</summary>
    public ConcurrentQueue<(string To, string Text)> Mail { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await TalkAsync(client.GetStream());
            }
        }
        catch (Exception ex) when (ex is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // the test is over
        }
    }

    private async Task TalkAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.UTF8);
        async Task SayAsync(string line) => await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), _stop.Token);
        await SayAsync("220 mail.test");
        var to = "";
        while (await reader.ReadLineAsync(_stop.Token) is { } line)
        {
            if (line.StartsWith("RCPT", StringComparison.OrdinalIgnoreCase))
                to = line;
            if (line.StartsWith("DATA", StringComparison.OrdinalIgnoreCase))
            {
                await SayAsync("354 go on");
                var text = new StringBuilder();
                while (await reader.ReadLineAsync(_stop.Token) is { } part && part != ".")
                    text.AppendLine(part);
                if (Refusals.TryDequeue(out var refusal))
                {
                    await SayAsync(refusal);
                    continue;
                }
                Mail.Enqueue((to, text.ToString()));
            }
            await SayAsync(line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase) ? "221 bye" : "250 ok");
            if (line.StartsWith("QUIT", StringComparison.OrdinalIgnoreCase))
                return;
        }
    }
}

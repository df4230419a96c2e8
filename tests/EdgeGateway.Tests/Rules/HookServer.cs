using System.Net;
using System.Threading.Channels;

namespace EdgeGateway.Tests.Rules;

/// <summary>A real HTTP server whose answers a test chooses by request.</summary>
internal sealed class HookServer : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();

    /// <param name="answer">Status to a request.</param>
    public HookServer(Func<Received, int> answer)
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        Url = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}/";
        probe.Stop();
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _ = RunAsync(answer);
    }

    public sealed record Received(string Path, string Body, string? Authorization, string? Id, int Attempt);

    public string Url { get; }

    public async Task<Received> NextAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        return await _received.Reader.ReadAsync(timeout.Token);
    }

    public void Dispose() => _listener.Close();

    private async Task RunAsync(Func<Received, int> answer)
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception ex) when (ex is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            using var reader = new StreamReader(context.Request.InputStream);
            var attempt = context.Request.Headers["x-edge-delivery-attempt"] is { } text ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 1;
            var received = new Received(context.Request.RawUrl!, await reader.ReadToEndAsync(), context.Request.Headers["Authorization"], context.Request.Headers["x-edge-delivery-id"], attempt);
            context.Response.StatusCode = answer(received);
            context.Response.Close();
            _received.Writer.TryWrite(received);
        }
    }
}

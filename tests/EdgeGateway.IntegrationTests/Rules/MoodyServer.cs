using System.Collections.Concurrent;
using System.Net;

namespace EdgeGateway.IntegrationTests.Rules;

/// <summary>A real HTTP server on a port of its own that is down, slow, fails or works, as a test says; it keeps what it acknowledged.</summary>
internal sealed class MoodyServer : IDisposable
{
    private readonly int _port = FreePort();
    private readonly ConcurrentQueue<(string Path, string Body)> _acknowledged = new();
    private HttpListener? _listener;
    private volatile int _status = 200;
    private volatile TaskCompletionSource? _held;
    private int _requests;

    public string Url => $"http://127.0.0.1:{_port}/";

    /// <summary>What was answered with 200, in order.</summary>
    public IReadOnlyList<(string Path, string Body)> Acknowledged => [.. _acknowledged];

    public int Requests => Volatile.Read(ref _requests);

    public void Up(int status = 200)
    {
        _status = status;
        if (_listener is not null)
            return;
        _listener = new HttpListener();
        _listener.Prefixes.Add(Url);
        _listener.Start();
        _ = RunAsync(_listener);
    }

    public void Down()
    {
        _listener?.Abort();
        _listener = null;
    }

    /// <summary>Requests get no answer until they are released.</summary>
    public void Hold() => _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release()
    {
        var held = _held;
        _held = null;
        held?.SetResult();
    }

    public void Dispose()
    {
        Release();
        Down();
    }

    private async Task RunAsync(HttpListener listener)
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception ex) when (ex is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            _ = AnswerAsync(context);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        try
        {
            using var reader = new StreamReader(context.Request.InputStream);
            var body = await reader.ReadToEndAsync();
            Interlocked.Increment(ref _requests);
            if (_held is { } held)
                await held.Task;
            var status = _status;
            if (status == 200)
                _acknowledged.Enqueue((context.Request.RawUrl!, body));
            context.Response.StatusCode = status;
            context.Response.Close();
        }
        catch (Exception ex) when (ex is HttpListenerException or ObjectDisposedException or IOException)
        {
            // the other end was killed
        }
    }

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

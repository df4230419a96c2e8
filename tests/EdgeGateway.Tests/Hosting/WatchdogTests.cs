using System.Net.Sockets;
using System.Text;
using EdgeGateway.Configuration;
using EdgeGateway.Hosting;
using EdgeGateway.Messaging;
using EdgeGateway.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Hosting;

public sealed class WatchdogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("edgegateway-test-").FullName;
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly FakeTimeProvider _time = new();
    private readonly Database _database;

    public WatchdogTests()
    {
        _systemd.Bind(new UnixDomainSocketEndPoint(Path.Combine(_folder, "notify")));
        _systemd.ReceiveTimeout = 20_000; // one generous limit instead of a hang
        _database = Database.Open(Path.Combine(_folder, "gateway.db"), []);
    }

    public void Dispose()
    {
        _database.Dispose();
        _systemd.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Feed_WhileAllWork_TwiceAnInterval()
    {
        using var watchdog = Create(new Part { State = ComponentState.Degraded }); // degraded is for people, not for a restart
        await watchdog.StartAsync(TestContext.Current.CancellationToken);

        Assert.Equal("WATCHDOG=1", Receive());
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("WATCHDOG=1", Receive());
        await watchdog.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Feed_APartHasFailed_Starves()
    {
        var part = new Part { State = ComponentState.Failed };
        using var watchdog = Create(part);
        await watchdog.StartAsync(TestContext.Current.CancellationToken);
        await part.Asked.Task.WaitAsync(TestContext.Current.CancellationToken);

        await watchdog.StopAsync(TestContext.Current.CancellationToken);

        Assert.Equal(0, _systemd.Available);
    }

    private Watchdog Create(Part part)
    {
        var options = GatewayOptions.Read(ConfigurationTree.Parse($"data: {_folder}"));
        var storage = new StorageHealth(_database, options, _time);
        return new(new SystemdNotifier(Path.Combine(_folder, "notify"), "10000000"), storage, [storage, part], _time, NullLogger<Watchdog>.Instance);
    }

    private string Receive()
    {
        var buffer = new byte[256];
        return Encoding.UTF8.GetString(buffer, 0, _systemd.Receive(buffer));
    }

    private sealed class Part : IComponentHealth
    {
        private ComponentState _state;

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
        public string Name => "part";

        public ComponentState State
        {
            get
            {
                Asked.TrySetResult();
                return _state;
            }
            set => _state = value;
        }

        public string? Message => "stuck";
    }
}

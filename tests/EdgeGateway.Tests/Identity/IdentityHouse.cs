using EdgeGateway.Configuration;
using EdgeGateway.Identity;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Credentials;
using EdgeGateway.Identity.Policies;
using EdgeGateway.Messaging;
using EdgeGateway.Registry;
using EdgeGateway.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace EdgeGateway.Tests.Identity;

/// <summary>Identity wired as the host wires it, over a temporary folder, a clock that is set by hand and a registry in memory.</summary>
internal sealed class IdentityHouse : IDisposable
{
    public const string Actor = "test:me";
    private readonly ServiceProvider _services;

    /// <param name="yaml">Configuration.</param>
    public IdentityHouse(string yaml = "", string? folder = null, DateTimeOffset? now = null, bool synchronised = true, bool realRegistry = false)
    {
        Folder = folder ?? Directory.CreateTempSubdirectory("identity-").FullName;
        Time = new FakeTimeProvider(now ?? new DateTimeOffset(2026, 6, 1, 0, 0, 0, TimeSpan.Zero));
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton(new GatewayOptions { Name = "testpi", Account = "000000000000", Region = "edge", DataFolder = Folder, ConfigurationFolder = Folder });
        if (realRegistry)
        {
            services.AddRegistry(ConfigurationTree.Parse("").Root.Section("registry"));
        }
        else
        {
            services.AddSingleton<IThingCatalog>(Things);
            services.AddSingleton<IRegistryFeed>(Feed);
        }
        services.AddSingleton<IMessageBus>(Bus);
        var configuration = ConfigurationTree.Parse(yaml);
        services.AddIdentity(configuration.Root.Section("identity"));
        configuration.ThrowIfFaulty();
        services.AddSingleton(new ClockFloor(Path.Combine(Folder, "clock-floor"), Time, () => synchronised, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        services.AddSingleton(provider => Database.Open(Path.Combine(Folder, "edgegateway.db"), provider.GetServices<MigrationSet>()));
        _services = services.BuildServiceProvider();
    }

    public string Folder { get; }

    public FakeTimeProvider Time { get; }

    public FakeThings Things { get; } = new();

    public FakeFeed Feed { get; } = new();

    public RecordingBus Bus { get; } = new();

    public ICertificates Certificates => Get<ICertificates>();

    public ICertificateAuthorities Authorities => Get<ICertificateAuthorities>();

    public IPolicies Policies => Get<IPolicies>();

    public IAuthorizer Authorizer => Get<IAuthorizer>();

    public IAuthenticator Authenticator => Get<IAuthenticator>();

    public IPeople People => Get<IPeople>();

    public IDeviceCredentials Credentials => Get<IDeviceCredentials>();

    public IdentityArns Arns => Get<IdentityArns>();

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    public async Task StartAsync() => await Get<IdentityStartup>().StartAsync(CancellationToken.None);

    /// <summary>A policy of one statement, attached to a certificate.</summary>
    public async Task AllowAsync(string name, string target, string statement)
    {
        await Policies.CreateAsync(name, Document(statement), Actor);
        await Policies.AttachAsync(name, target, Actor);
    }

    public static string Document(string statement) => $$"""{ "Version": "2012-10-17", "Statement": [{{statement}}] }""";

    /// <summary>Closes everything; the folder stays for another house.</summary>
    public void Close() => _services.Dispose();

    public void Dispose()
    {
        Close();
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }
}

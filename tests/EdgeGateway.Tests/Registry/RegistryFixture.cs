using EdgeGateway.Configuration;
using EdgeGateway.Registry;
using EdgeGateway.Storage;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Registry;

/// <summary>A registry on a file of its own, at 2026-01-01.</summary>
internal sealed class RegistryFixture : IDisposable
{
    public static readonly IReadOnlyDictionary<string, string> None = new Dictionary<string, string>();

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("registry-");

    public RegistryFixture() => Start();

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    public GatewayOptions Gateway { get; } = new() { Name = "pi", Account = "000000000000", Region = "edge", DataFolder = "/" };
    public RegistryOptions Options { get; set; } = new();
    public List<RegistryChange> Changes { get; } = [];
    public Database Database { get; private set; } = null!;
    public RegistryState State { get; private set; } = null!;
    public IThingCatalog Catalog { get; private set; } = null!;
    public IThings Things { get; private set; } = null!;
    public IThingTypes Types { get; private set; } = null!;
    public IThingGroups Groups { get; private set; } = null!;
    public IBillingGroups BillingGroups { get; private set; } = null!;
    public ITags Tags { get; private set; } = null!;
    public IEventConfigurations Events { get; private set; } = null!;
    public RegistryFeed Feed { get; private set; } = null!;

    /// <summary>As after a restart: everything from the file.</summary>
    public void Restart()
    {
        Database.Dispose();
        Start();
    }

    public static T Done<T>(RegistryResult<T> result) => Assert.IsType<RegistryResult<T>.Done>(result).Value;

    public static RegistryError Refused<T>(RegistryResult<T> result, RegistryErrorKind kind)
    {
        var error = Assert.IsType<RegistryResult<T>.Refused>(result).Error;
        Assert.Equal(kind, error.Kind);
        return error;
    }

    public Task<RegistryResult<Thing>> CreateThing(string name, string? type = null, params (string Name, string Value)[] attributes) =>
        Things.CreateAsync(name, type, attributes.ToDictionary(static pair => pair.Name, static pair => pair.Value), null, default);

    public Task<RegistryResult<ThingGroup>> CreateGroup(string name, string? parent = null) => Groups.CreateAsync(name, parent, null, None, None, default);

    public Task<RegistryResult<ThingType>> CreateType(string name) => Types.CreateAsync(name, ThingTypeProperties.None, None, default);

    public Task<RegistryResult<bool>> Join(string thing, params string[] groups) => Groups.ChangeMembershipAsync(thing, groups, [], default);

    public Task<RegistryResult<bool>> Leave(string thing, params string[] groups) => Groups.ChangeMembershipAsync(thing, [], groups, default);

    public void Dispose()
    {
        Database.Dispose();
        _folder.Delete(recursive: true);
    }

    private void Start()
    {
        Database = Database.Open(Path.Combine(_folder.FullName, "test.db"), [RegistryStore.Migrations]);
        State = new(Database, Gateway, Options, Time);
        State.Committed += Changes.Add;
        Catalog = new ThingCatalog(State);
        Things = new Things(State);
        Types = new ThingTypes(State);
        Groups = new ThingGroups(State);
        BillingGroups = new BillingGroups(State);
        Tags = new Tags(State);
        Events = new EventConfigurations(State);
        Feed = new(State, Database, Options, Time, NullLogger<RegistryFeed>.Instance);
    }
}

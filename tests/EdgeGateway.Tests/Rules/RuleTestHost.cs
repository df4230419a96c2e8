using EdgeGateway.Configuration;
using EdgeGateway.Registry;
using EdgeGateway.Rules;
using EdgeGateway.Rules.Actions;
using EdgeGateway.Rules.Alarms;
using EdgeGateway.Rules.Delivery;
using EdgeGateway.Rules.Functions;
using EdgeGateway.Rules.Http;
using EdgeGateway.Rules.Logs;
using EdgeGateway.Rules.Notify;
using EdgeGateway.Rules.Objects;
using EdgeGateway.Rules.Queues;
using EdgeGateway.Rules.Roles;
using EdgeGateway.Rules.Secrets;
using EdgeGateway.Rules.Series;
using EdgeGateway.Rules.State;
using EdgeGateway.Rules.Streams;
using EdgeGateway.Rules.Tables;
using EdgeGateway.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeGateway.Tests.Rules;

/// <summary>The rules slice on a database in a temp folder, with a bus of its own.</summary>
internal sealed class RuleTestHost : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rules-").FullName;
    private readonly TimeProvider _time;
    private readonly RulesOptions _options;
    private readonly IReadOnlyList<RuleFile> _files;
    private Database _database;
    private RuleJournal? _journal;

    private readonly RuleHttp _http = new();
    private readonly IReadOnlyList<FunctionDefinition> _functions;

    private RuleTestHost(TimeProvider? time, RulesOptions? options, IReadOnlyList<RuleFile>? files, IReadOnlyList<FunctionDefinition>? functions)
    {
        _functions = functions ?? [];
        (_time, _options, _files) = (time ?? TimeProvider.System, options ?? new RulesOptions { EvaluationTime = TimeSpan.FromSeconds(10) }, files ?? []);
        (_database, Tables, Engine) = Open();
    }

    public RuleTestBus Bus { get; } = new();

    public TableStore Tables { get; private set; }

    public RuleEngine Engine { get; private set; }

    public RuleRoles Roles { get; private set; } = null!;

    public FunctionRegistry? Functions { get; private set; }

    public HttpDestinations Destinations { get; private set; } = null!;

    public Deliveries Deliveries { get; private set; } = null!;

    public SecretBox Box { get; private set; } = null!;

    public SecretStore Secrets { get; private set; } = null!;

    public string Folder => _folder;

    public ActionStores Stores { get; private set; } = null!;

    public SeriesOptions SeriesOptions { get; set; } = new();

    public RecordingOutbox Upstreams { get; } = new();

    public static async Task<RuleTestHost> StartAsync(TimeProvider? time = null, RulesOptions? options = null, IReadOnlyList<RuleFile>? files = null, IReadOnlyList<FunctionDefinition>? functions = null)
    {
        var host = new RuleTestHost(time, options, files, functions);
        await host.Engine.StartAsync(CancellationToken.None);
        return host;
    }

    /// <summary>Stops, closes the database and starts again on what is on disk.</summary>
    public async Task RestartAsync()
    {
        await Engine.StopAsync(CancellationToken.None);
        Engine.Dispose();
        _journal?.Dispose();
        await CloseAsync();
        (_database, Tables, Engine) = Open();
        await Engine.StartAsync(CancellationToken.None);
    }

    public async Task CreateAsync(string name, string sql, params string[] actions)
    {
        var error = await Engine.CreateAsync(name, Definition(sql, actions), CancellationToken.None);
        Xunit.Assert.Null(error);
    }

    public static RuleDefinition Definition(string sql, params string[] actions) => new(sql) { AwsIotSqlVersion = "2016-03-23", Actions = actions };

    /// <summary>Waits until the rule's counters are as wanted.</summary>
    public async Task<RuleStatus> WhenAsync(string rule, Func<RuleStatus, bool> wanted)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (Engine.StatusOf(rule) is { } status)
        {
            if (wanted(status))
                return status;
            await Task.Delay(5, timeout.Token);
        }
        throw new InvalidOperationException($"there is no rule {rule}");
    }

    /// <summary>Lets the database grow to so many pages, or to as many as it has.</summary>
    public Task LimitDatabaseAsync(int pages) => _database.WriteAsync(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA max_page_count = {pages}";
        command.ExecuteNonQuery();
    });

    /// <summary>Waits for what has no event of its own.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
            await Task.Delay(5, timeout.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.StopAsync(CancellationToken.None);
        Engine.Dispose();
        _journal?.Dispose();
        if (Functions is not null)
            await Functions.DisposeAsync();
        _http.Dispose();
        await CloseAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task CloseAsync()
    {
        await Stores.Objects.DisposeAsync();
        await Stores.Logs.DisposeAsync();
        Stores.Streams.Dispose();
        await Stores.Series.StopAsync(CancellationToken.None);
        Stores.Series.Dispose();
        _database.Dispose();
    }

    private (Database, TableStore, RuleEngine) Open()
    {
        var database = Database.Open(Path.Combine(_folder, "test.db"), [RuleStore.Migrations]);
        var tables = new TableStore(database, _time);
        Functions ??= new FunctionRegistry(_functions, _http, TimeProvider.System, NullLogger<FunctionRegistry>.Instance);
        var gateway = new GatewayOptions { Name = "pi", Account = "000000000000", Region = "edge", DataFolder = _folder };
        Roles = new RuleRoles(database, new PolicyJudge());
        Destinations = new HttpDestinations(database, _http, _options, gateway, _time, NullLogger<HttpDestinations>.Instance);
        Box = new SecretBox(gateway);
        Secrets = new SecretStore(database, Box, Roles, _options, _time);
        var (http, functions) = (new HttpSender(Destinations, _http, Secrets), new FunctionSender(Functions));
        var smtp = new SmtpOptions(null, 25, "none", "", null, null);
        var mail = new EmailSender(smtp, Secrets);
        var topics = new BusSender(Bus);
        Deliveries = new Deliveries(gateway, new DeadLetters(database, _time), [http, functions, topics], Box, _time, NullLogger<Deliveries>.Instance);
        var series = new SeriesStore(database, gateway, SeriesOptions, _time, NullLogger<SeriesStore>.Instance);
        Stores = new ActionStores(
            tables, new ObjectFiles(Path.Combine(_folder, "objects"), _time), new QueueStore(database, _time), new StreamStore(database, gateway, _time), series, new RuleMetrics(series),
            new AlarmStore(database, Bus, _time), new LogGroups(gateway, _time), new NotifyStore(database, smtp));
        var streams = new RuleStreams();
        var lookups = new RuleLookups(tables, new OneThing(), new NoShadows(), Functions, Roles, Secrets, series, Bus, _options);
        var planner = new RulePlanner(new RuleActions(Bus, Stores, functions, http, topics, mail, Roles, Deliveries, Upstreams, streams, _options, TimeProvider.System), _time);
        var journal = _journal = new RuleJournal(_options.JournalFolder is null ? null : Path.Combine(_folder, "journal"));
        return (database, tables, new RuleEngine(Bus, new RuleStore(database), planner, lookups, _options, _files, new RuleStateStore(database), journal, Deliveries, Box, streams, _time, NullLogger<RuleEngine>.Instance));
    }

    private sealed class OneThing : IThingCatalog
    {
        private static readonly Thing Lamp = new("lamp", "0b8b2a3e-0000-4000-8000-000000000001", "light", new Dictionary<string, string> { ["room"] = "attic" }, 3, null);

        public IReadOnlyList<Thing> Things => [Lamp];

        public Thing? Find(string thingName) => thingName == Lamp.Name ? Lamp : null;

        public IReadOnlyList<string> GroupsOf(string thingName) => thingName == Lamp.Name ? ["upstairs"] : [];

        public bool IsAttached(string thingName, string principalArn) => false;

        public IReadOnlyList<string> ThingsOf(string principalArn) => [];

        public string? ExclusiveThingOf(string principalArn) => null;

        public IReadOnlyList<string> PrincipalsOf(string thingName) => [];
    }
}

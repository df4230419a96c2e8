using System.Globalization;

namespace EdgeGateway.Benchmarks.Broker;

/// <summary>
/// <c>broker [SCENARIO …]</c>: this gateway against mosquitto with its defaults, both with ten statements a client, interleaved in one run
/// by one load generator. The figures are the broker's processor time per delivered message and its throughput; peer divided by ours.
/// </summary>
internal static class BrokerBenchmark
{
    private const int Rounds = 3;

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is ["gateway", var folder])
            return await GatewayUnderTest.ServeAsync(folder);
        if (arguments is ["allocations"])
            return AllocationBenchmark.Run();
        if (arguments is ["memory"])
            return await MemoryBenchmark.RunAsync();
        var scenarios = Scenarios.All.Where(scenario => arguments.Length == 0 || arguments.Contains(scenario.Name)).ToArray();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessorCount} processors, load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}, {System.Runtime.InteropServices.RuntimeInformation.OSDescription}"));
        Console.WriteLine($"{"scenario",-16} {"peer",-10} {"CPU µs/msg",11} {"msg/s",11} {"p50 µs",9} {"peer/ours CPU",14} {"ours/peer msg/s",16}");
        foreach (var scenario in scenarios)
            if (scenario.IsFresh)
                await CompareFreshAsync(scenario);
            else
                await CompareAsync(scenario);
        return 0;
    }

    private static async Task CompareFreshAsync(Scenario scenario)
    {
        var (our, their) = (new List<Figures>(), new List<Figures>());
        var names = ("", "");
        for (var round = 0; round < Rounds; round++)
        {
            await using var ours = await GatewayUnderTest.StartAsync();
            await using var peer = await MosquittoUnderTest.StartAsync();
            our.Add(scenario.Run(ours));
            their.Add(scenario.Run(peer));
            names = (ours.Name, peer.Name);
        }
        Compare(scenario, names.Item1, our, names.Item2, their);
    }

    private static async Task CompareAsync(Scenario scenario)
    {
        await using var ours = await GatewayUnderTest.StartAsync();
        await using var peer = await MosquittoUnderTest.StartAsync();
        var (our, their) = (new List<Figures>(), new List<Figures>());
        for (var round = 0; round <= Rounds; round++)
        {
            var (a, b) = (scenario.Run(ours), scenario.Run(peer));
            if (round == 0)
                continue; // warms both up
            our.Add(a);
            their.Add(b);
        }
        Compare(scenario, ours.Name, our, peer.Name, their);
    }

    private static void Compare(Scenario scenario, string ours, List<Figures> our, string peer, List<Figures> their)
    {
        var (mine, other) = (Figures.Median(our), Figures.Median(their));
        Print(scenario.Name, peer, other, "", "");
        Print("", ours, mine, Ratio(other.Cost, mine.Cost), Ratio(mine.PerSecond, other.PerSecond));
    }

    private static void Print(string scenario, string peer, Figures figures, string cost, string speed) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{scenario,-16} {peer,-10} {figures.Cost,11:0.000} {figures.PerSecond,11:0} {figures.MedianMicroseconds,9:0.0} {cost,14} {speed,16}  {figures.Note}"));

    private static string Ratio(double above, double below) => below > 0 ? (above / below).ToString("0.00", CultureInfo.InvariantCulture) : "-";
}

using System.Text.Json;
using EdgeGateway.Registry;
using EdgeGateway.Search;
using EdgeGateway.Tests.Registry;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace EdgeGateway.Tests.Search;

public sealed class FleetMetricsTests
{
    private static readonly FleetMetric Lamps = new("lamps", "AWS_Things", "thingTypeName:lamp", "2017-09-30", "registry.version", new("Statistics", ["count", "maximum"]), 120, null, "Count", 1, 0, 0);

    [Fact]
    public async Task Metric_IsToldAtWholeMultiplesOfItsPeriod()
    {
        await using var house = await SearchHouse.StartAsync();
        await house.Registry.CreateType("lamp");
        await house.Registry.CreateThing("a", "lamp");
        await house.Registry.CreateThing("b", "lamp");
        using var metrics = new FleetMetrics(house.Search, house.Store, house.Shadows.Bus, house.Registry.Gateway, house.Registry.Time, NullLogger<FleetMetrics>.Instance);
        RegistryFixture.Done(await metrics.SaveAsync(Lamps, isNew: true, null, default));
        await metrics.StartAsync(default);
        var began = house.Registry.Time.GetUtcNow();
        var told = new List<TimeSpan>();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        while (told.Count < 2)
        {
            house.Registry.Time.Advance(TimeSpan.FromSeconds(10));
            await look.WaitForNextTickAsync(patience.Token);
            if (house.Shadows.Bus.Messages.Count(static message => message.Topic == "$edge/fleet-metrics/lamps") > told.Count)
                told.Add(house.Registry.Time.GetUtcNow() - began);
        }
        await metrics.StopAsync(default);

        using var payload = JsonDocument.Parse(house.Shadows.Bus.Messages.First(static message => message.Topic == "$edge/fleet-metrics/lamps").Payload);
        Assert.Equal(2, payload.RootElement.GetProperty("values").GetProperty("count").GetInt32());
        Assert.Equal(1, payload.RootElement.GetProperty("values").GetProperty("maximum").GetInt32());
        Assert.False(payload.RootElement.GetProperty("values").TryGetProperty("sum", out _));
        Assert.True(told[0] >= TimeSpan.FromSeconds(120), $"told after {told[0]}");
        Assert.Equal([("lamps", "count", 2), ("lamps", "maximum", 1)], metrics.Latest);
    }

    [Fact]
    public async Task Metric_IsKept_AndItsVersionChecked()
    {
        await using var house = await SearchHouse.StartAsync();
        using (var metrics = Open(house))
        {
            RegistryFixture.Done(await metrics.SaveAsync(Lamps, isNew: true, null, default));
            Assert.Equal(1, RegistryFixture.Done(await metrics.SaveAsync(Lamps, isNew: true, null, default)).Version);
            RegistryFixture.Refused(await metrics.SaveAsync(Lamps with { Period = 60 }, isNew: true, null, default), RegistryErrorKind.ResourceAlreadyExists);
            Assert.Equal(2, RegistryFixture.Done(await metrics.SaveAsync(Lamps with { Period = 60 }, isNew: false, 1, default)).Version);
            RegistryFixture.Refused(await metrics.SaveAsync(Lamps, isNew: false, 1, default), RegistryErrorKind.VersionConflict);
            RegistryFixture.Refused(await metrics.SaveAsync(Lamps with { Name = "no such" }, isNew: true, null, default), RegistryErrorKind.InvalidRequest);
            RegistryFixture.Refused(await metrics.SaveAsync(Lamps with { Name = "x", Period = 90 }, isNew: true, null, default), RegistryErrorKind.InvalidRequest);
            RegistryFixture.Refused(await metrics.SaveAsync(Lamps with { Name = "x", Aggregation = new("Statistics", ["median"]) }, isNew: true, null, default), RegistryErrorKind.InvalidRequest);
            RegistryFixture.Refused(await metrics.SaveAsync(Lamps with { Name = "x" }, isNew: false, null, default), RegistryErrorKind.ResourceNotFound);
        }
        using var again = Open(house);
        Assert.Equal((2L, 60, "Count"), (again.Find("lamps")!.Version, again.Find("lamps")!.Period, again.Find("lamps")!.Unit));
        Assert.True(RegistryFixture.Done(await again.DeleteAsync("lamps", null, default)));
        Assert.False(RegistryFixture.Done(await again.DeleteAsync("lamps", null, default)));
    }

    private static FleetMetrics Open(SearchHouse house) =>
        new(house.Search, house.Store, house.Shadows.Bus, house.Registry.Gateway, house.Registry.Time, NullLogger<FleetMetrics>.Instance);
}

using EdgeGateway.Identity.Certificates;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace EdgeGateway.Tests.Identity.Certificates;

public sealed class ClockFloorTests : IDisposable
{
    private static readonly DateTimeOffset Built = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly string _file = Path.Combine(Directory.CreateTempSubdirectory("clock-").FullName, "clock-floor");
    private bool _synchronised;

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);

    [Fact]
    public void Clock1970_FloorIsTheBuildDateAndGrowsWithUptime()
    {
        var (floor, time) = Open(DateTimeOffset.UnixEpoch);

        Assert.Equal((Built, Built, ClockTrust.Behind), (floor.Floor, floor.Now, floor.Trust));
        time.Advance(TimeSpan.FromHours(5));
        Assert.Equal(Built.AddHours(5), floor.Now);
    }

    [Fact]
    public void ClockAheadAndUnsynchronised_FloorIsNotTakenAlong()
    {
        var (floor, time) = Open(Built.AddDays(400));
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(Built.AddMinutes(1), floor.Floor);
        Assert.Equal(Built.AddDays(400).AddMinutes(1), floor.Now);
        Assert.Equal(ClockTrust.Unsynchronised, floor.Trust);
    }

    [Fact]
    public void Synchronised_LiftsTheFloorForGood_AcrossSteppingBackAndRestart()
    {
        var (floor, time) = Open(DateTimeOffset.UnixEpoch);
        _synchronised = true;
        time.SetUtcNow(Built.AddDays(100));
        Assert.Equal((Built.AddDays(100), ClockTrust.Synchronised), (floor.Floor, floor.Trust));
        floor.Persist();
        _synchronised = false;

        var (again, _) = Open(Built.AddDays(50));

        Assert.Equal((Built.AddDays(100), Built.AddDays(100), ClockTrust.Behind), (again.Floor, again.Now, again.Trust));
    }

    [Fact]
    public void File_Garbage_CountsAsNone()
    {
        File.WriteAllText(_file, "yesterday");

        Assert.Equal(Built, Open(DateTimeOffset.UnixEpoch).Floor.Floor);
    }

    private (ClockFloor Floor, FakeTimeProvider Time) Open(DateTimeOffset now)
    {
        var time = new FakeTimeProvider(now);
        return (new ClockFloor(_file, time, () => _synchronised, Built), time);
    }
}

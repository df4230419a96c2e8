using EdgeGateway.Rules.Functions;
using Xunit;

namespace EdgeGateway.Tests.Rules;

/// <summary>What is written where systemd hands a control group over, on a folder that stands for the hierarchy.</summary>
public sealed class ControlGroupsTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("cgroup-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Make_DelegatedService_MovesTheGatewayAside_AndLimitsTheFunction()
    {
        var service = Path.Combine(_root, "system.slice", "edgegateway.service");
        Directory.CreateDirectory(service);
        var groups = new ControlGroups(_root, Membership("0::/system.slice/edgegateway.service"));
        var function = new FunctionDefinition("judge") { MemoryBytes = 64 << 20, CpuPercent = 50, MaxProcesses = 8 };
        var group = groups.Make(function)!;
        Assert.Equal(Path.Combine(service, "function-judge"), group);
        Assert.Equal($"{Environment.ProcessId}", await File.ReadAllTextAsync(Path.Combine(service, "gateway", "cgroup.procs")));
        Assert.Equal("+memory +cpu +pids", await File.ReadAllTextAsync(Path.Combine(service, "cgroup.subtree_control")));
        Assert.Equal(("67108864", "50000 100000", "8"), (await Text("memory.max"), await Text("cpu.max"), await Text("pids.max")));
        groups.Kill(function);
        Assert.Equal("1", await Text("cgroup.kill"));

        Task<string> Text(string file) => File.ReadAllTextAsync(Path.Combine(group, file));
    }

    [Theory]
    [InlineData("0::/")]
    [InlineData("0::/user.slice/session-1.scope")]
    [InlineData("5:devices:/x.service")]
    [InlineData("0::/system.slice/absent.service\0")]
    public void Make_Elsewhere_MakesNone(string membership)
    {
        Assert.Null(new ControlGroups(_root, Membership(membership)).Make(new FunctionDefinition("judge")));
        Assert.Empty(Directory.GetDirectories(_root));
    }

    private string Membership(string line)
    {
        var file = Path.Combine(_root, "membership");
        File.WriteAllText(file, line + "\n");
        return file;
    }
}

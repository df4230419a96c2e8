using System.Globalization;

namespace EdgeGateway.Rules.Functions;

/// <summary>
/// Control groups (cgroup v2) below the gateway's own, where systemd has handed that over (`Delegate=yes`): one a function, with its memory,
/// processor time and number of processes. Elsewhere there are none, and the limits of each process alone count.
/// </summary>
/// <param name="root">Where the hierarchy is mounted.</param>
/// <param name="membership">The file that says which group this process is in.</param>
internal sealed class ControlGroups(string root = "/sys/fs/cgroup", string membership = "/proc/self/cgroup")
{
    private const string Controllers = "+memory +cpu +pids";
    private const int PeriodMicroseconds = 100_000;
    private readonly Lock _gate = new(); // guards the making
    private string? _base;
    private bool _isTried;

    /// <summary>The group of a function, made and limited.</summary>
    /// <returns>Its folder; null where there are no groups to make.</returns>
    public string? Make(FunctionDefinition function)
    {
        lock (_gate)
        {
            if (!_isTried)
                (_base, _isTried) = (Prepare(), true);
            if (_base is null)
                return null;
            try
            {
                var group = Directory.CreateDirectory(FolderOf(function)).FullName;
                Write(group, "memory.max", function.MemoryBytes.ToString(CultureInfo.InvariantCulture));
                Write(group, "memory.swap.max", "0");
                Write(group, "pids.max", function.MaxProcesses.ToString(CultureInfo.InvariantCulture));
                Write(group, "cpu.max", function.CpuPercent == 0 ? "max" : string.Create(CultureInfo.InvariantCulture, $"{function.CpuPercent * PeriodMicroseconds / 100} {PeriodMicroseconds}"));
                return group;
            }
            catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }
    }

    /// <summary>Ends whoever is in the group of a function.</summary>
    public void Kill(FunctionDefinition function)
    {
        if (_base is null)
            return;
        try
        {
            Write(FolderOf(function), "cgroup.kill", "1");
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            // a kernel before 5.14: the group of processes is killed all the same
        }
    }

    private string FolderOf(FunctionDefinition function) => Path.Combine(_base!, $"function-{function.Name}");

    // A group with limits for its children holds no process itself, so the gateway moves into one beside theirs.
    private string? Prepare()
    {
        try
        {
            var own = File.ReadLines(membership).FirstOrDefault(static line => line.StartsWith("0::", StringComparison.Ordinal))?[3..];
            if (own is null or "/" || !own.EndsWith(".service", StringComparison.Ordinal))
                return null; // not started by systemd as a service: the group is somebody else's
            var folder = Path.Combine(root, own.TrimStart('/'));
            var gateway = Directory.CreateDirectory(Path.Combine(folder, "gateway")).FullName;
            Write(gateway, "cgroup.procs", Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
            Write(folder, "cgroup.subtree_control", Controllers);
            return folder;
        }
        catch (Exception ex) when (ex is IOException or UnauthorizedAccessException)
        {
            return null; // not handed over
        }
    }

    private static void Write(string folder, string file, string text) => File.WriteAllText(Path.Combine(folder, file), text);
}

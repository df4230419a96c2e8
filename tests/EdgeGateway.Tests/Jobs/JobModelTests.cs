using EdgeGateway.Jobs;
using Xunit;

namespace EdgeGateway.Tests.Jobs;

/// <summary>Random work on jobs, with restarts between any two steps, against a model that is written down plainly.</summary>
public sealed class JobModelTests
{
    private static readonly string[] Things = ["a", "b", "c"];
    private static readonly string[] Ids = ["j1", "j2", "j3"];

    [Fact]
    public async Task RandomWork_IsWhatTheModelSays()
    {
        for (var seed = 1; seed <= 40; seed++)
            await RunAsync(seed);
    }

    private static async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        await using var house = new JobHouse();
        await house.ThingsAsync(Things);
        var model = new Model();
        for (var step = 0; step < 60; step++)
        {
            house.Registry.Time.Advance(TimeSpan.FromSeconds(random.Next(1, 90)));
            await house.Jobs.TickAsync(default);
            model.Tick(house.Now);
            var (job, thing) = (Ids[random.Next(3)], Things[random.Next(3)]);
            string? expected, actual = null;
            try
            {
                expected = await StepAsync(house, model, random, job, thing);
            }
            catch (JobException ex)
            {
                (expected, actual) = (model.Refusal, ex.Kind.ToString());
            }
            Assert.True(expected == actual, $"seed {seed}, step {step}: {expected ?? "done"} expected, {actual ?? "done"}");
            if (random.Next(10) == 0)
                await house.RestartAsync();
            Compare(house, model, $"seed {seed}, step {step}");
        }
    }

    // What the model expects: null where it goes well.
    private static async Task<string?> StepAsync(JobHouse house, Model model, Random random, string job, string thing)
    {
        switch (random.Next(8))
        {
            case 0 or 1:
                var (timeout, retries) = (random.Next(2) == 0 ? random.Next(1, 4) : null as int?, random.Next(3));
                string[] targets = [.. Things.Where(_ => random.Next(2) == 0).DefaultIfEmpty(thing)];
                model.Refusal = model.Create(job, targets, timeout, retries, house.Now);
                await house.CreateAsync(job, JobHouse.Settings() with { TimeoutMinutes = timeout, Retries = retries == 0 ? [] : [new("ALL", retries)] }, targets: targets);
                return model.Refusal;
            case 2:
                model.Refusal = null;
                model.StartNext(thing, house.Now);
                await house.Jobs.StartNextAsync(thing, null, null, default);
                return null;
            case 3:
                var force = random.Next(2) == 0;
                model.Refusal = model.CancelExecution(job, thing, force, house.Now);
                await house.Jobs.CancelExecutionAsync(job, thing, force, null, null, default);
                return model.Refusal;
            case 4 when random.Next(2) == 0:
                force = random.Next(2) == 0;
                model.Refusal = model.Cancel(job, force, house.Now);
                await house.Jobs.CancelAsync(job, force, null, null, default);
                return model.Refusal;
            case 5 when random.Next(2) == 0:
                force = random.Next(2) == 0;
                model.Refusal = model.Delete(job, force);
                await house.Jobs.DeleteAsync(job, force, default);
                return model.Refusal;
            default:
                var status = new[] { ExecutionStatus.InProgress, ExecutionStatus.Succeeded, ExecutionStatus.Failed, ExecutionStatus.Rejected, ExecutionStatus.Queued }[random.Next(5)];
                var version = random.Next(4) == 0 ? random.Next(1, 4) : null as long?;
                model.Refusal = model.Update(job, thing, status, version, house.Now);
                await house.Jobs.UpdateExecutionAsync(job, thing, null, new(status, null, version, null), default);
                return model.Refusal;
        }
    }

    private static void Compare(JobHouse house, Model model, string where)
    {
        foreach (var id in Ids)
        {
            var job = house.Jobs.Find(id);
            Assert.True(job?.Status == model.Jobs.GetValueOrDefault(id)?.Status, $"{where}: {id} is {job?.Status}, expected {model.Jobs.GetValueOrDefault(id)?.Status}");
            foreach (var thing in Things)
            {
                var (is_, expected) = (house.Jobs.Execution(id, thing, null), model.Latest(id, thing));
                Assert.True((is_?.Status, is_?.Version, is_?.Number) == (expected?.Status, expected?.Version, expected?.Number), $"{where}: {id} of {thing} is {is_?.Status} {is_?.Version} {is_?.Number}, expected {expected?.Status} {expected?.Version} {expected?.Number}");
            }
        }
        foreach (var thing in Things)
            Assert.True(house.Jobs.Pending(thing, 10).Select(static execution => execution.JobId).SequenceEqual(model.Pending(thing)), $"{where}: pending of {thing} are {string.Join(' ', house.Jobs.Pending(thing, 10).Select(static execution => execution.JobId))}, expected {string.Join(' ', model.Pending(thing))}");
    }

    private sealed class Model
    {
        private readonly List<Run> _runs = [];

        public Dictionary<string, Work> Jobs { get; } = [];
        public string? Refusal { get; set; }

        public Run? Latest(string job, string thing) => _runs.LastOrDefault(run => run.Job == job && run.Thing == thing);

        public IEnumerable<string> Pending(string thing) => _runs.Where(run => run.Thing == thing && !run.HasEnded)
            .OrderBy(static run => run.Status == ExecutionStatus.InProgress ? 0 : 1).ThenBy(static run => run.QueuedAt).ThenBy(static run => run.Job, StringComparer.Ordinal).Select(static run => run.Job);

        public string? Create(string id, string[] things, int? timeout, int retries, long now)
        {
            if (Jobs.ContainsKey(id))
                return "ResourceAlreadyExists";
            Jobs[id] = new() { Timeout = timeout, Retries = retries };
            _runs.AddRange(things.Distinct().Select(thing => new Run { Job = id, Thing = thing, Number = 1, QueuedAt = now }));
            return null;
        }

        public void StartNext(string thing, long now)
        {
            if (Pending(thing).FirstOrDefault() is { } next && Latest(next, thing) is { Status: ExecutionStatus.Queued })
                Update(next, thing, ExecutionStatus.InProgress, null, now);
        }

        public string? Update(string job, string thing, ExecutionStatus status, long? version, long now)
        {
            if (Latest(job, thing) is not { } run)
                return "ResourceNotFound";
            if (version is not null && version != run.Version)
                return "VersionMismatch";
            if (run.HasEnded || status == ExecutionStatus.Queued)
                return "InvalidStateTransition";
            if (run.Status == ExecutionStatus.Queued && status == ExecutionStatus.InProgress && Jobs[job].Timeout is { } minutes)
                run.Deadline = now + (minutes * 60_000L);
            Set(run, status, now);
            return null;
        }

        public string? CancelExecution(string job, string thing, bool force, long now)
        {
            if (!Jobs.ContainsKey(job) || Latest(job, thing) is not { } run)
                return "ResourceNotFound";
            if (run.HasEnded || (run.Status == ExecutionStatus.InProgress && !force))
                return "InvalidStateTransition";
            Set(run, ExecutionStatus.Canceled, now);
            return null;
        }

        public string? Cancel(string job, bool force, long now)
        {
            if (!Jobs.TryGetValue(job, out var work))
                return "ResourceNotFound";
            if (work.Status != JobStatus.InProgress)
                return "InvalidRequest";
            work.Status = JobStatus.Canceled;
            foreach (var run in _runs.Where(run => run.Job == job && !run.HasEnded && (force || run.Status == ExecutionStatus.Queued)).ToList())
                Set(run, ExecutionStatus.Canceled, now);
            return null;
        }

        public string? Delete(string job, bool force)
        {
            if (!Jobs.TryGetValue(job, out var work))
                return "ResourceNotFound";
            if (work.Status == JobStatus.InProgress && !force)
                return "InvalidStateTransition";
            Jobs.Remove(job);
            _runs.RemoveAll(run => run.Job == job);
            return null;
        }

        public void Tick(long now)
        {
            foreach (var run in _runs.Where(run => !run.HasEnded && run.Deadline <= now).ToList())
                Set(run, ExecutionStatus.TimedOut, now);
        }

        private void Set(Run run, ExecutionStatus status, long now)
        {
            (run.Status, run.Version) = (status, run.Version + 1);
            var work = Jobs[run.Job];
            if (status is ExecutionStatus.Failed or ExecutionStatus.TimedOut && work.Status == JobStatus.InProgress && run.Attempt < work.Retries)
                _runs.Add(new() { Job = run.Job, Thing = run.Thing, Number = run.Number + 1, Attempt = run.Attempt + 1, QueuedAt = now });
            if (work.Status == JobStatus.InProgress && _runs.Where(other => other.Job == run.Job).All(static other => other.HasEnded))
                work.Status = JobStatus.Completed;
        }

        public sealed class Work
        {
            public JobStatus Status { get; set; } = JobStatus.InProgress;
            public int? Timeout { get; init; }
            public int Retries { get; init; }
        }

        public sealed class Run
        {
            public required string Job { get; init; }
            public required string Thing { get; init; }
            public required long Number { get; init; }
            public required long QueuedAt { get; init; }
            public int Attempt { get; init; }
            public ExecutionStatus Status { get; set; } = ExecutionStatus.Queued;
            public long Version { get; set; } = 1;
            public long? Deadline { get; set; }
            public bool HasEnded => Status is not (ExecutionStatus.Queued or ExecutionStatus.InProgress);
        }
    }
}

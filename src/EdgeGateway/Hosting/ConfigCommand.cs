using System.CommandLine;
using EdgeGateway.Configuration;

namespace EdgeGateway.Hosting;

/// <summary><c>edgegateway config check</c>: reads the configuration as the start would, and starts nothing.</summary>
internal static class ConfigCommand
{
    public static Command Create()
    {
        var file = new Argument<string?>("FILE") { Description = "File to check; default: /etc/edgegateway", Arity = ArgumentArity.ZeroOrOne };
        var demo = new Option<bool>("--demo") { Description = "As 'serve --demo' would read it" };
        var settings = ServeCommand.SettingsOption();
        var check = new Command("check", "Check the configuration without starting") { file, demo, settings };
        check.SetAction(parsed => Check(
            new() { ConfigFile = parsed.GetValue(file), Demo = parsed.GetValue(demo), Settings = parsed.GetValue(settings) ?? [] },
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error));
        return new("config", "Check the configuration") { check };
    }

    private static int Check(ServeOptions options, TextWriter output, TextWriter error)
    {
        var tree = Composition.Load(options, Environment.GetEnvironmentVariables());
        Composition.AddSlices(new ServiceCollection(), tree, options.Demo);
        Listeners.Read(tree);
        var faults = tree.Faults();
        foreach (var fault in faults)
            error.WriteLine(fault.ToString());
        if (faults.Count > 0)
            return 1;
        output.WriteLine($"{options.ConfigFile ?? ConfigurationTree.DefaultFolder}: good");
        return 0;
    }
}

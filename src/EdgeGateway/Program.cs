using EdgeGateway.Cli;
using EdgeGateway.Hosting;

var globals = new GlobalOptions();
var root = CommandLine.Create(globals, ServeCommand.Create(globals.Data), ConfigCommand.Create());
return await CommandLine.InvokeAsync(root, args, Console.Out, Console.Error);

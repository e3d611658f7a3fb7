import { startServer } from "../support/server.ts";
import { additions, exceptions } from "./exceptions.ts";
import { contractSuite } from "./suite.ts";

contractSuite({ start: () => startServer(), exceptions, additions });
